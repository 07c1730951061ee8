"""What `deploy/trim` takes out of the libraries, a replica can do without."""

import importlib.metadata
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import ROOT

DAILY = """
import io
import sqlalchemy
from chat import developing, embedded, inputs, words
from chat.s3 import boto3
from PIL import Image

for name in ("JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF"):
    upload = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(upload, name)
    upload.seek(0)
    assert developing.develop(upload).frames
for language in words.LANGUAGES:
    assert words.read(language)
assert inputs.emoji("\\N{THUMBS UP SIGN}")
assert boto3.client("s3", "eu-central-1", aws_access_key_id="id", aws_secret_access_key="key")
assert sqlalchemy.create_engine("postgresql+psycopg2://").dialect.dbapi
assert embedded._runs(embedded._program_of_wheel())
"""


@pytest.mark.skipif(not shutil.which("strip"), reason="there is no strip (binutils) here")
def test_a_replica_can_do_without_what_is_trimmed(tmp_path: Path) -> None:
    copy_libraries(tmp_path)
    subprocess.run(["sh", ROOT / "deploy" / "trim", tmp_path], check=True)
    start = re.search(r"python -c '(import wsgi.*)'", (ROOT / "Dockerfile").read_text())
    assert start
    paths = f"import sys; sys.path += {[str(tmp_path), str(ROOT)]}"
    # neither an installed library nor a setting is seen
    subprocess.run([sys.executable, "-ISB", "-c", f"{paths}\n{start[1]}\n{DAILY}"], check=True, timeout=60)


def copy_libraries(folder: Path) -> None:
    """A replica's libraries, as they are installed here."""
    lock = (ROOT / "requirements" / "web.txt").read_text()
    names = set(re.findall(r"^(\S+)==", lock, re.MULTILINE))
    for library in importlib.metadata.distributions():
        if re.sub(r"[_.]", "-", library.name.lower()) in names:
            for file in library.files or []:
                if ".." not in file.parts:  # no program
                    (folder / file).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(file.locate(), folder / file)
