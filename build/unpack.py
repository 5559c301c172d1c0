"""Unpacks parts of a wheel. Arguments: wheel, folder. Standard input: JSON of name prefixes and what each becomes.

Node has no zip reader of its own, and Python is needed for the download anyway. zipfile checks every CRC.
"""

import json
import os
import shutil
import stat
import sys
import zipfile

wheel, folder = sys.argv[1:]
prefixes = json.load(sys.stdin)

with zipfile.ZipFile(wheel) as archive:
    for entry in archive.infolist():
        prefix = next((p for p in prefixes if entry.filename.startswith(p)), None)
        if prefix is None or entry.is_dir():
            continue
        target = os.path.normpath(os.path.join(folder, prefixes[prefix] + entry.filename[len(prefix) :]))
        if not target.startswith(os.path.join(os.path.normpath(folder), "")):
            sys.exit(f"{entry.filename} points outside the folder")
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with archive.open(entry) as source, open(target, "wb") as out:
            shutil.copyfileobj(source, out, 1 << 20)
        if (entry.external_attr >> 16) & stat.S_IXUSR:
            os.chmod(target, 0o755)
