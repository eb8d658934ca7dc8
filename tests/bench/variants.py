"""How many variants a second one core makes: drawn, their prompts written in three languages."""

from __future__ import annotations

import hashlib
import statistics
import time
from typing import TYPE_CHECKING

from ustaz_courses import bundled_courses, instantiate, load_course

if TYPE_CHECKING:
    from ustaz_courses import Template

#: Seconds of processor time spent on each template.
SECONDS = 0.5
#: Variants between two looks at the clock.
BATCH = 50


def measure() -> dict[str, float]:
    """Return variants a second: of the median number template, and of the slowest one."""
    rates = {
        template.id: rate_of(template)
        for folder in bundled_courses().values()
        for template in load_course(folder).templates.values()
        if template.kind == "number"
    }
    return {
        "variants_per_s": round(statistics.median(rates.values())),
        "variants_per_s_min": round(min(rates.values())),
        "variants_templates": len(rates),
    }


def rate_of(template: Template, seconds: float = SECONDS) -> float:
    """Return how many variants of a template one core makes in a second, prompts included."""
    count = 0
    begin = time.process_time()
    while (spent := time.process_time() - begin) < seconds:
        for _ in range(BATCH):
            seed = hashlib.sha256(f"bench {template.id} {count}".encode()).digest()
            variant = instantiate(template, seed)
            for language in template.languages:
                variant.prompt(language)
            count += 1
    return count / spent
