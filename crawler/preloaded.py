"""What every process that reads pages needs, loaded once, before they are forked from one that has it.

Importing this loads the model that tells languages, which takes longer than reading ten pages.
"""

from __future__ import annotations

import os

# Threads, which numpy would start for its library of matrices, do not survive a fork.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from py3langid import classify

import crawler.extraction.pages  # noqa: F401

classify("a sentence")
