import pytest
from ustaz_kernels.errors import PolicyError
from ustaz_kernels.sandbox import Policy, ProgramJob


@pytest.mark.parametrize("limit", ["wall_s", "cpu_s", "memory_bytes", "processes", "answer_bytes"])
@pytest.mark.parametrize("value", [0, -1, float("nan")])
def test_limit_that_is_none_is_refused(limit: str, value: float):
    with pytest.raises(PolicyError, match=f"{limit} is {value}"):
        Policy(**{limit: value})


def test_unknown_layer_is_refused_with_the_known_ones():
    with pytest.raises(PolicyError, match=r"'moat', which is unknown\. The layers are namespaces"):
        Policy(minimum=("namespaces", "moat"))


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/../../x", "", ".", "x\0y"])
def test_file_outside_the_program_s_folder_is_refused(name: str):
    with pytest.raises(PolicyError, match="outside the program's folder"):
        ProgramJob("", (), (), files={name: b""})


def test_job_without_time_is_refused():
    with pytest.raises(PolicyError, match="more than 0"):
        ProgramJob("", (), (), timeout_s=0)
