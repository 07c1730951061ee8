# What the rules for Python must find, and must leave alone. It is read by semgrep alone, never run.


def statements(conn, sa, name, value):
    # ruleid: statement-of-words
    conn.execute(sa.text(f"SELECT * FROM users WHERE name = '{name}'"))
    # ruleid: statement-of-words
    conn.exec_driver_sql(f"DELETE FROM rooms WHERE id = {value}")
    # ok: statement-of-words
    conn.execute(sa.text("SELECT * FROM users WHERE name = :name"), {"name": name})


def secrets(token, given, person, hmac):
    # ruleid: secret-compared-in-steps
    if token == given:
        return True
    # ruleid: secret-compared-in-steps
    if person.csrf != given:
        return False
    # ok: secret-compared-in-steps
    return hmac.compare_digest(token, given) or token is None


def journal(logger, token, person):
    # ruleid: secret-in-the-journal
    logger.info("signed in with %s", token)
    # ok: secret-in-the-journal
    logger.info("signed in: %s", person.id)


def reading(pickle, yaml, data):
    # ruleid: what-runs-by-being-read
    pickle.loads(data)
    # ruleid: what-runs-by-being-read
    yaml.load(data)
    # ok: what-runs-by-being-read
    yaml.safe_load(data)


def programs(subprocess, os, name):
    # ruleid: shell
    subprocess.run("ls " + name, shell=True)
    # ruleid: shell
    os.system("ls")
    # ok: shell
    subprocess.run(["ls", name])


def archives(archive, shutil, path):
    # ruleid: archive-unpacked-anywhere
    archive.extractall(path)
    # ruleid: archive-unpacked-anywhere
    shutil.unpack_archive(path)
    # ok: archive-unpacked-anywhere
    archive.open("messages.jsonl")


def addresses(requests, urllib, url):
    # ruleid: address-of-a-user
    requests.get(url)
    # ruleid: address-of-a-user
    urllib.request.urlopen(url)
