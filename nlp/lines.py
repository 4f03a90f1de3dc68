"""JSON lines of texts in, JSON lines of tagged records out, each bad line told and passed over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice

import orjson

from db.model import TaggedDocument, as_json
from nlp.pipeline import DEFAULT_MODEL
from nlp.piping import BATCH
from nlp.tagging import DocumentTagger, TextToTag, shared_tagger
from nlp.workers import map_batches

_TEXT_FIELDS = ("title", "published", "language")


def tag_lines(
    lines: Iterable[bytes], model: str = DEFAULT_MODEL, *, workers: int = 1, explain: bool = False
) -> Iterator[tuple[bytes, str | None]]:
    """For each line that is not blank, its output line and, if it was bad, "NUMBER: what is wrong".

    Never raises for what a line holds; raises ModelError when the model cannot be used.
    """
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    work = partial(_work, explain=explain)
    if workers > 1:
        results = (done for _, done in map_batches(work, _batches(numbered), workers=workers, setting=model))
    else:
        results = (work(model, batch) for batch in _batches(numbered))
    for done in results:
        yield from done


def read_line(line: bytes) -> TextToTag | tuple[str, str]:
    """The text that a line holds, or the id (empty when unreadable) and what is wrong with the line."""
    try:
        fields = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        return "", f"not JSON: {error}"
    if not isinstance(fields, dict):
        return "", 'not a JSON object; expected {"id": ..., "text": ...}'
    identity = fields.get("id")
    if isinstance(identity, int) and not isinstance(identity, bool):
        identity = str(identity)
    if not isinstance(identity, str) or not identity:
        return "", "'id' is missing or no text"
    if not isinstance(fields.get("text"), str):
        return identity, "'text' is missing" if fields.get("text") is None else "'text' is no text"
    for name in _TEXT_FIELDS:
        if not isinstance(fields.get(name), str | None):
            return identity, f"'{name}' is no text"
    return TextToTag(
        id=identity, text=fields["text"], **{name: fields.get(name) or None for name in _TEXT_FIELDS}
    )


def tag_batch(tagger: DocumentTagger, batch: Sequence[tuple[int, bytes]]) -> list[TaggedDocument]:
    """One record for each numbered line, in order."""
    read = [read_line(line) for _, line in batch]
    tagged = tagger.tag_many(item for item in read if isinstance(item, TextToTag))
    return [next(tagged) if isinstance(item, TextToTag) else tagger.failed(item[0], item[1]) for item in read]


def _batches(numbered: Iterator[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    while batch := list(islice(numbered, BATCH)):
        yield batch


def _work(model: str, batch: Sequence[tuple[int, bytes]], *, explain: bool) -> list[tuple[bytes, str | None]]:
    """The output lines of a batch with their problems, made where the texts are tagged: workers share that, too."""
    done = []
    for (number, _), record in zip(batch, tag_batch(shared_tagger(model), batch), strict=True):
        fields = as_json(record, explain=explain)
        fields["id"] = record.id or None
        problem = f"{number}: {record.error}" if record.error else None
        done.append((orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE), problem))
    return done
