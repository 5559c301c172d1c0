"""Ends a measurement with the program that started it, which may be killed at any moment."""
import os
import signal
import threading
import time


def end_with_parent():
    """Looks every second, in a thread: PyTorch releases Python's lock while it computes."""
    parent = os.getppid()

    def look():
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))

    threading.Thread(target=look, daemon=True).start()
