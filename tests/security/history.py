"""Whether a secret stands anywhere in the repository's history: `make check-security`. Needs detect-secrets.

Every text that any commit holds is looked at once, by what tells the keys of services and private keys by their form. What looks
for the word "password", or for whatever looks random, is left out: tests have passwords, and locks have thousands of hashes.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings

LEFT_OUT = {
    "Secret Keyword",
    "Basic Auth Credentials",
    "Hex High Entropy String",
    "Base64 High Entropy String",
    "Public IPv4 (ip)",
}
# Found, and no secret: (what it is taken for, the line has this in it): why.
EXPLAINED: dict[tuple[str, str], str] = {}
LARGEST = 1_000_000  # bytes of what is text


def main() -> int:
    plugins = [
        {"name": plugin.__name__}
        for kind, plugin in get_mapping_from_secret_type_to_class().items()
        if kind not in LEFT_OUT
    ]
    found, count = set(), 0
    with tempfile.TemporaryDirectory() as folder, transient_settings({"plugins_used": plugins}):
        file = Path(folder) / "blob.txt"
        for name, content in blobs():
            if b"\0" in content[:8000]:
                continue
            count += 1
            file.write_bytes(content)
            lines = content.decode("utf-8", "replace").splitlines()
            for secret in scan_file(str(file)):
                line = lines[secret.line_number - 1]
                if not any(secret.type == kind and part in line for kind, part in EXPLAINED):
                    found.add((name, secret.type, secret.line_number, line.strip()[:80]))
    for name, kind, number, line in sorted(found):
        print(f"{name}, line {number}: {kind}: {line}", file=sys.stderr)
    print(f"{count} texts of the history were looked at by {len(plugins)} detectors; {len(found)} findings.")
    return bool(found)


def blobs():
    """(its hash, its bytes) of each file that any commit of any branch holds."""
    listed = run(
        "git", "rev-list", "--objects", "--all", "--filter=object:type=blob", "--filter-provided-objects"
    ).split()
    sizes = run(
        "git", "cat-file", "--batch-check", given="\n".join(word for word in listed if len(word) == 40)
    )
    wanted = [
        line.split()[0]
        for line in sizes.splitlines()
        if line.split()[1] == "blob" and int(line.split()[2]) < LARGEST
    ]
    with subprocess.Popen(
        ["git", "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as git:
        for name in dict.fromkeys(wanted):
            git.stdin.write(f"{name}\n".encode())
            git.stdin.flush()
            size = int(git.stdout.readline().split()[2])
            yield name, git.stdout.read(size)
            git.stdout.read(1)
        git.stdin.close()


def run(*command: str, given: str | None = None) -> str:
    return subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
