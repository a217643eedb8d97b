# SPDX-License-Identifier: Apache-2.0
# What the reports of the benchmarks share.

import os
import re
import sys


def duration(ns):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("us", 1e3)):
        if ns >= size:
            return f"{ns / size:.3g} {unit}" if ns < 100 * size else f"{ns / size:.0f} {unit}"
    return f"{ns:.0f} ns"


def number(value):
    if value is None:
        return ""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.2g}" if 0 < value < 10 else f"{value:.0f}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            found = re.search(r"^model name\s*:\s*(.+)$", file.read(), re.MULTILINE)
        return found.group(1).strip() if found else "unknown processor"
    except OSError:
        return "unknown processor"


def compiler():
    path = "build/bench/CMakeCache.txt"
    name = "g++"
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            found = re.search(r"^CMAKE_CXX_COMPILER:\w+=(.+)$", file.read(), re.MULTILINE)
        name = found.group(1) if found else name
    version = os.popen(f"{name} --version 2>/dev/null").readline().strip()
    return version or os.path.basename(name)


def insert(page, name, content):
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, found, rest = page.partition(begin)
    if not found or end not in rest:
        sys.exit(f"error: docs/performance.md has no place for `{name}`")
    return before + begin + content + end + rest.partition(end)[2]
