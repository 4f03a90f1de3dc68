"""A process that says that it loads, and goes on loading; it knows nothing of signals yet."""

import time

if __name__ == "__main__":
    print("loading", flush=True)
    time.sleep(60)
