CODES: dict[str, int]
ACCESSES: dict[str, int]
