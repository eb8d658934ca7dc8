"""Turning a GGUF file into safetensors that transformers loads and quantizes."""

from __future__ import annotations

import os
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils import logging as transformers_logging


def convert(file: Path, folder: Path) -> None:
    """Write a GGUF file's weights as bfloat16, and its tokenizer, into a folder.

    Parameters
    ----------
    file : Path
        The GGUF file; read as float32, one copy of the model in memory.
    folder : Path
        Existing and empty.
    """
    transformers_logging.disable_progress_bar()
    tokenizer = AutoTokenizer.from_pretrained(str(file.parent), gguf_file=file.name)
    model = AutoModelForCausalLM.from_pretrained(
        str(file.parent), gguf_file=file.name, dtype=torch.float32
    )
    # What was read is plain now, but still marked as quantized, and then refuses to be saved.
    model.hf_quantizer = None
    model.is_quantized = False
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model = model.to(torch.bfloat16)
    model.config.dtype = torch.bfloat16
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    # A crash of the machine after the rename must not leave empty files in place.
    for path in folder.iterdir():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
