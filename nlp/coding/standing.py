"""What the words above and around an act may say of it."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.coding.trigger import Trigger


@dataclass(slots=True)
class Standing:
    """What the words above and around an act say of it."""

    negated: bool = False
    hypothetical: bool = False
    future: bool = False
    planned: bool = False
    decided: bool = False
    conditional: bool = False
    purpose: bool = False
    reported: bool = False
    topic: bool = False  # a nominal act as the subject: told as known, not as content
    reversed: bool = False  # the act is stopped: "will cease issuing permits"
    verbal: bool = True
    embedded: bool = False  # told in a relative, participial or temporal clause, beside the news
    participle: bool = False
    inert: bool = False
    """A nominal act under a word that says nothing of its being done."""
    would: bool = False
    ended: bool = False  # what held is said to hold no longer
    obliged: bool = False  # told as what must be done, not as done
    condition: bool = False  # the act stands in an if-clause
    under: Trigger | None = None
    """The trigger whose content this act is."""
