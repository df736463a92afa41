from __future__ import annotations

import re
from pathlib import Path

from servers import ROOT

README = ROOT / "client" / "README.md"
EXAMPLES = ROOT / "examples"


def programs(*, with_agent_sdk: bool) -> dict[str, str]:
    """The Python of the README and the examples, by name: those with the Claude Agent SDK, or those without."""
    blocks = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    found = {f"readme_{number}.py": text for number, text in enumerate(blocks, start=1)}
    for path in sorted(EXAMPLES.glob("*/*.py")):
        found[path.name] = path.read_text("utf-8")
    return {name: text for name, text in found.items() if ("claude_agent_sdk" in text) == with_agent_sdk}


def write_programs(folder: Path, texts: dict[str, str]) -> list[Path]:
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return [folder / name for name in texts]
