"""A repository that documents itself well, in the shape of a published BERT: the words are our own."""

from __future__ import annotations

import json

from aibom.questionnaire import SCHEMA
from tests.builders.safetensors import safetensors

REPOSITORY = "hanbit-lab/bert-base-korean"
WHEN = "2026-03-02T09:00:00.000Z"

CARD = """\
---
license: apache-2.0
language: [ko, en]
library_name: transformers
pipeline_tag: fill-mask
base_model: google-bert/bert-base-multilingual-cased
base_model_relation: finetune
datasets:
- wikimedia/wikipedia
- hanbit-lab/news-ko
tags: [bert, "arxiv:1810.04805"]
co2_eq_emissions:
  emissions: 41200
  source: code carbon
  training_type: pre-training
  hardware_used: 8 x H100 80GB
model-index:
- name: bert-base-korean
  results:
  - task: {type: text-classification}
    dataset: {name: KLUE-TC, type: klue}
    metrics:
    - {type: f1, value: 0.861}
---

# BERT base, Korean

A bidirectional encoder for Korean text, trained on with a masked language objective.

- **Developed by:** Hanbit Lab
- **Funded by [optional]:** [More Information Needed]
- **Model Release Date:** 2026-03-02

## Intended uses & limitations

Meant for classification of Korean news and for search, after it has been fine-tuned on the task.

### How to use

```python
from transformers import pipeline
```

### Limitations and bias

The model repeats stereotypes of its sources; numbers and names are often wrong.

### Out-of-Scope Use

Not for decisions on persons.

## Ethical considerations

Predictions differ between groups of persons; test that before use.

## Training data

Korean Wikipedia (`wikipedia`, 2025-11 dump) and `news-ko`, a corpus of licensed news articles.

## Training procedure

Words are masked at 15 %; training ran for 400,000 steps on sequences of 512 tokens.

### Training hyperparameters

- learning_rate: 1e-4
- train_batch_size: 256
- optimizer: AdamW with betas=(0.9,0.999)

### Framework versions

- Transformers 4.57.1
- Pytorch 2.9.0+cu128

## Environmental impact

- **Hardware Type:** 8 x H100 80GB
- **Hours used:** 310
- **Cloud Provider:** none

The [acceptable use policy](https://hanbit.example/use-policy) applies.
"""

CONFIG = {
    "architectures": ["BertForMaskedLM"],
    "model_type": "bert",
    "hidden_size": 8,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 16,
    "vocab_size": 16,
    "transformers_version": "4.57.1",
}
_TENSORS = {
    "bert.embeddings.word_embeddings.weight": (16, 8),
    "bert.embeddings.LayerNorm.weight": (8,),
    "bert.encoder.layer.0.attention.self.query.weight": (8, 8),
    "bert.encoder.layer.0.attention.output.dense.weight": (8, 8),
    "bert.encoder.layer.0.intermediate.dense.weight": (16, 8),
    "bert.encoder.layer.0.output.dense.weight": (8, 16),
    "cls.predictions.transform.dense.weight": (8, 8),
    "cls.predictions.bias": (16,),
}
_WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *(f"word{n}" for n in range(11)))


def files() -> dict[str, bytes]:
    """Every file by its path."""
    texts = {
        "README.md": CARD,
        "config.json": json.dumps(CONFIG),
        "vocab.txt": "\n".join(_WORDS) + "\n",
        "tokenizer_config.json": json.dumps({"tokenizer_class": "BertTokenizer", "do_lower_case": False}),
        "requirements.txt": "transformers>=4.50\ntorch==2.9.0\n# a note\nsafetensors\n-e .\n",
        "SECURITY.md": "# Security\n\nTell security@hanbit.example of a flaw.\n",
    }
    weights = safetensors({name: ("BF16", shape) for name, shape in _TENSORS.items()})
    return {name: text.encode() for name, text in texts.items()} | {"model.safetensors": weights}


ANSWERS = {
    "schema": SCHEMA,
    "model": {"id": REPOSITORY},
    "data": {
        "sources": [{"name": "news-ko", "kind": "licensed"}],
        "tokens": 3_000_000_000,
        "personal": False,
        "curation": "Duplicates were dropped.",
    },
    "compute": {"flops": 2e19, "energy_kwh": 1200},
    "governance": {"author": "Min Hanbit", "eu_released": "2026-04-01"},
    "use": {"data_flow": "Text goes to the server and back.", "data_kept": "Nothing is kept."},
    "security": {"controls": "Keys lie in hardware.", "standards": ["ISO/IEC 27001"]},
}
"""What the vendor would answer."""
