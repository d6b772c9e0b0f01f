"""The starter's own byte-level BPE in CLIP's file layout: learned from captions and emoji names, small instead of 49 408."""

import json
from pathlib import Path

from configs import TOKENS, VOCABULARY

BOS, EOS = '<|startoftext|>', '<|endoftext|>'
SPLIT = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def byte_alphabet() -> list[str]:
    """The 256 printable stand-ins for bytes, in CLIP's order (GPT-2's bytes_to_unicode)."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [byte for byte in range(256) if byte not in printable]
    return [chr(byte) for byte in printable] + [chr(256 + k) for k in range(len(rest))]


def pipeline_of(vocabulary: dict[str, int], merges: list[tuple[str, str]]) -> dict:
    """tokenizer.json, as CLIP's."""
    special = lambda token: dict(
        id=vocabulary[token], content=token, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True
    )
    return {
        'version': '1.0',
        'truncation': None,
        'padding': None,
        'added_tokens': [special(BOS), special(EOS)],
        'normalizer': {
            'type': 'Sequence',
            'normalizers': [
                {'type': 'NFC'},
                {'type': 'Replace', 'pattern': {'Regex': r'\s+'}, 'content': ' '},
                {'type': 'Lowercase'},
            ],
        },
        'pre_tokenizer': {
            'type': 'Sequence',
            'pretokenizers': [
                {'type': 'Split', 'pattern': {'Regex': SPLIT}, 'behavior': 'Removed', 'invert': True},
                {'type': 'ByteLevel', 'add_prefix_space': False, 'trim_offsets': True, 'use_regex': True},
            ],
        },
        'post_processor': {
            'type': 'RobertaProcessing',
            'sep': [EOS, vocabulary[EOS]],
            'cls': [BOS, vocabulary[BOS]],
            'trim_offsets': False,
            'add_prefix_space': False,
        },
        'decoder': {'type': 'ByteLevel', 'add_prefix_space': True, 'trim_offsets': True, 'use_regex': True},
        'model': {
            'type': 'BPE',
            'dropout': None,
            'unk_token': EOS,
            'continuing_subword_prefix': '',
            'end_of_word_suffix': '</w>',
            'fuse_unk': False,
            'byte_fallback': False,
            'vocab': vocabulary,
            'merges': [' '.join(pair) for pair in merges],
        },
    }


def learn_merges(texts: list[str], count: int) -> list[tuple[str, str]]:
    """The most frequent pairs first; trained by the tokenizers library."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

    learner = Tokenizer(models.BPE(end_of_word_suffix='</w>'))
    learner.normalizer = normalizers.Lowercase()
    learner.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT), 'removed', invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY + 512,
        initial_alphabet=byte_alphabet(),
        end_of_word_suffix='</w>',
        min_frequency=1,
        show_progress=False,
    )
    learner.train_from_iterator(texts, trainer)
    merges = json.loads(learner.to_str())['model']['merges']
    return [tuple(pair) for pair in merges[:count]]


def write_tokenizer(folder: Path, texts: list[str]) -> None:
    """vocab.json, merges.txt, tokenizer.json, tokenizer_config.json, special_tokens_map.json."""
    folder.mkdir(parents=True, exist_ok=True)
    letters = byte_alphabet()
    merges = learn_merges(texts, VOCABULARY - 2 - 2 * len(letters))
    tokens = letters + [letter + '</w>' for letter in letters] + [a + b for a, b in merges]
    if len(tokens) != VOCABULARY - 2 or len(set(tokens)) != len(tokens):
        raise ValueError(f'{len(set(tokens))} distinct tokens learned, {VOCABULARY - 2} wanted: more text is needed')
    vocabulary = {token: k for k, token in enumerate([*tokens, BOS, EOS])}
    mark = lambda token: dict(content=token, lstrip=False, normalized=False, rstrip=False, single_word=False)
    config = dict(
        add_prefix_space=False,
        added_tokens_decoder={str(vocabulary[token]): mark(token) | dict(special=True) for token in (BOS, EOS)},
        bos_token=BOS,
        eos_token=EOS,
        pad_token=EOS,
        unk_token=EOS,
        clean_up_tokenization_spaces=True,
        do_lower_case=True,
        errors='replace',
        model_max_length=TOKENS,
        tokenizer_class='CLIPTokenizer',
    )
    dump = lambda name, value: (folder / name).write_text(json.dumps(value, ensure_ascii=False, indent=1) + '\n')
    dump('vocab.json', vocabulary)
    dump('tokenizer.json', pipeline_of(vocabulary, merges))
    dump('tokenizer_config.json', config)
    dump('special_tokens_map.json', dict(bos_token=mark(BOS), eos_token=mark(EOS), pad_token=EOS, unk_token=mark(EOS)))
    lines = ['#version: 0.2', *(' '.join(pair) for pair in merges)]
    (folder / 'merges.txt').write_text('\n'.join(lines) + '\n')
