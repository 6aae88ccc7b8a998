"""What the script checks share: what is expected is counted, and what failed is told at the end."""

count = 0
failures = []


def expect(name: str, condition: bool, detail=""):
    global count
    count += 1
    if not condition:
        failures.append(f"{name}: {str(detail)[:1500]}")


def finish(what: str) -> int:
    """Says how many of what there were, or what failed. Returns the exit status."""
    print("\n".join(failures) or f"{count} {what}")
    return 1 if failures else 0
