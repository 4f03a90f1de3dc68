"""What every process that reads pages needs, loaded once, before they are forked from one that has it.

Not the model that tells languages: most pages say theirs, or are plain English.
"""

from __future__ import annotations

import crawler.extraction.pages  # noqa: F401
