"""The command ``lienthong``. Exit status: 0 done, 1 not done (one sentence says why), 2 wrong usage."""

from __future__ import annotations

import sys
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path

import click

from flows.commands import (
    audit,
    bag,
    bring,
    cleaning,
    copy,
    corrections,
    deposit,
    doctor,
    dump,
    evaluate,
    explain,
    gaps,
    harvest,
    holds,
    lending,
    look,
    network,
    quarantine,
    review,
    run,
    serve,
    train,
    users,
    work,
    z3950,
)
from flows.ready import environment
from flows.screen import complain, tell
from hub.home import home
from schemas.problem import Problem, Trouble


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="lienthong", prog_name="lienthong")
def cli() -> None:
    """Liên thông: nhiều thư viện vào, một mục lục liên hợp ra. Many libraries in, one union catalog out.

    Dữ liệu nằm ở LIENTHONG_HOME (mặc định ./var), các nguồn ở LIENTHONG_SOURCES. Thông báo bằng tiếng Việt, hoặc tiếng
    Anh khi LIENTHONG_LANG=en. Data lie under LIENTHONG_HOME (default ./var), sources in LIENTHONG_SOURCES; messages are
    in Vietnamese, or in English with LIENTHONG_LANG=en.
    """


for command in (
    *harvest.COMMANDS,
    *bring.COMMANDS,
    *run.COMMANDS,
    *look.COMMANDS,
    *copy.COMMANDS,
    *lending.COMMANDS,
    *deposit.COMMANDS,
    *bag.COMMANDS,
    *explain.COMMANDS,
    *doctor.COMMANDS,
    *dump.COMMANDS,
    *serve.COMMANDS,
    *quarantine.COMMANDS,
    *holds.COMMANDS,
    *review.COMMANDS,
    *evaluate.COMMANDS,
    *train.COMMANDS,
    *users.COMMANDS,
    *audit.COMMANDS,
    *work.COMMANDS,
    *corrections.COMMANDS,
    *z3950.COMMANDS,
    *gaps.COMMANDS,
    *network.COMMANDS,
):
    cli.add_command(command)
for command in cleaning.COMMANDS:
    look.export.add_command(command)


def main() -> None:
    """Run the command; whatever goes wrong is one sentence and an exit status that is not 0."""
    try:
        environment()
        status = cli(standalone_mode=False)
        sys.exit(status if isinstance(status, int) else 0)
    except Trouble as trouble:
        complain(trouble.problem)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        tell("Đã dừng. Chạy lại lệnh để tiếp tục từ chỗ đã lưu.", "Stopped. Run the command again to go on from there.")
        sys.exit(130)
    except OSError as error:
        complain(_of_system(error))
        sys.exit(1)
    except Exception as error:
        complain(_unexpected(error))
        sys.exit(1)


def _of_system(error: OSError) -> Problem:
    if error.errno == 28:
        return Problem("disk_full", {"path": str(home())})
    return Problem("system_error", {"detail": f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")})


def _unexpected(error: Exception) -> Problem:
    """What nobody foresaw: one sentence here, the particulars in a file for whoever mends it."""
    path = Path(tempfile.gettempdir()) / "lienthong-error.log"
    with suppress(OSError, Trouble):
        path = home() / "error.log"
    with suppress(OSError), path.open("a", encoding="utf-8") as stream:
        traceback.print_exception(error, file=stream)
    return Problem("unexpected", {"detail": f"{type(error).__name__}: {error}".split("\n")[0][:200], "path": str(path)})


if __name__ == "__main__":
    main()
