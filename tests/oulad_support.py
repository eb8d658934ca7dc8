"""A made-up sample in the format of the Open University's dataset, and where the real one is."""

from __future__ import annotations

import os
from pathlib import Path

ASSESSMENTS = """\
"code_module","code_presentation","id_assessment","assessment_type","date","weight"
"AAA","2013J","10","TMA","19","10"
"AAA","2013J","11","CMA","54","20"
"BBB","2014B","20","TMA","30","50"
"BBB","2014B","21","Exam","","100"
"""

STUDENTS = """\
code_module,code_presentation,id_student,gender,region,final_result
AAA,2013J,1,M,Invented,Pass
AAA,2013J,2,F,Invented,Fail
BBB,2014B,1,M,Invented,Withdrawn
BBB,2014B,3,F,Invented,Pass
"""

SCORES = """\
id_assessment,id_student,date_submitted,is_banked,score
20,1,28,0,55
10,1,18,0,78
10,2,-3,0,0
11,1,50,0,100
11,2,60,1,
99,1,60,0,50
20,,60,0,50
21,3,x,0,50
20,3,61,0,101
"""


def write_sample(folder: Path) -> Path:
    """Write the sample's files into a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "assessments.csv").write_text(ASSESSMENTS)
    (folder / "studentInfo.csv").write_text(STUDENTS)
    (folder / "studentAssessment.csv").write_text(SCORES)
    return folder


def real_folder() -> Path | None:
    """Return the folder of the real data, or None: it is no part of the repository."""
    named = os.environ.get("USTAZ_OULAD")
    folder = (
        Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "data" / "oulad"
    )
    return folder if (folder / "studentAssessment.csv").is_file() else None
