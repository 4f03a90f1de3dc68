"""Prepositions, and verbs with them, by what they tell of the sides of an act."""

from __future__ import annotations

_LATER = ("into", "over", "about", "between", "among", "in", "through")
AIMED = ("against", "on", "upon", "to", "towards", "toward", "with", "from", "of", "for", "at", *_LATER)
"""Prepositions that lead to the other side, in the order in which they are tried."""
TWO_SIDED = ("with", "between", "among", "of", "from", "to", "by", "against")
"""Prepositions that join the sides of talks, pacts and fights."""
RATES = ("percent", "%", "cent")
"""Words of a figure, which is at nobody."""
BESIDE = ("after", "before", "following", "since", "despite", "amid", "during", "until", "because")
"""Prepositions of what happened besides: whoever acts in the clause need not have done that."""
DRAWING = frozenset({"draw", "earn", "win", "attract", "spark", "provoke", "get", "receive", "bring", "gain"})
"""Verbs whose subject is aimed at by the act they take as object: "drew criticism from Washington"."""
