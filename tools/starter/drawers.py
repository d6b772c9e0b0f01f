"""Processes that draw captions and scenes without end, as records of fixed size: what feeds a GPU, which paints them itself.

A scene and its caption take some 0.1 ms, painting it on a CPU thirty times as long. The processes only count and spell, so
they can be forked from one that has imported torch, as long as that has not used CUDA yet.
"""

import multiprocessing
import os
import random
import signal
import threading
import time
from collections import deque
from multiprocessing.connection import Connection, wait
from pathlib import Path

import numpy as np

from backdrops import Bank
from codes import MOST_ROWS, CodeBook
from configs import TEXT, TOKENS
from curriculum import Curriculum, curriculum_of
from home import load_subjects
from layout import LAYOUT, layout_of
from scene import Artwork
from train_text import Captions

CAPTION = np.dtype([('ids', '<i2', TOKENS), ('rows', '<i2', MOST_ROWS)])  # rows of CodeBook.table


def example_type(short: int) -> np.dtype:
    return np.dtype([('layout', LAYOUT), ('ids', '<i2', short)])


class Speller:
    """Token ids as transformers' CLIPTokenizer gives them, quicker."""

    def __init__(self, folder: Path):
        from tokenizers import Tokenizer

        os.environ['TOKENIZERS_PARALLELISM'] = 'false'
        self.tokenizer = Tokenizer.from_file(str(folder / 'tokenizer.json'))

    def ids(self, texts: list[str], length: int) -> np.ndarray:
        """[n, length], filled up with the end of text; longer ones are cut before it."""
        out = np.full((len(texts), length), TEXT['eos_token_id'], np.int16)
        for row, spelled in zip(out, self.tokenizer.encode_batch(texts)):
            row[: len(spelled.ids)] = spelled.ids[:length]
        out[:, -1] = TEXT['eos_token_id']
        return out


def caption_records(captions: Captions, book: CodeBook, speller: Speller, count: int) -> np.ndarray:
    drawn, out = captions.texts(count), np.zeros(count, CAPTION)
    out['ids'] = speller.ids([text for text, _ in drawn], TOKENS)
    for row, (_, said) in zip(out['rows'], drawn):
        found = book.rows_of(said)
        row[: len(found)] = found
    return out


def example_records(learned: Curriculum, rng: random.Random, speller: Speller, count: int) -> np.ndarray:
    scenes, texts = learned.examples(rng, count)
    out = np.zeros(count, example_type(learned.short))
    out['layout'], out['ids'] = layout_of(scenes), speller.ids(texts, learned.short)
    return out


def draw_without_end(sender: Connection, version: str, tokenizer: Path, seed: int, chunk: int, captions: int, book: CodeBook) -> None:
    """A process's work: first `captions` chunks for the text encoder, then examples for the U-Net."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.nice(5)
    speller, rng = Speller(tokenizer), random.Random(seed)
    art, subjects = Artwork.load(version), load_subjects(version)['subjects']
    learned = curriculum_of(version, art, subjects)
    try:
        words = Captions(version, seed) if captions else None
        for _ in range(captions):
            sender.send_bytes(b'c' + caption_records(words, book, speller, chunk).tobytes())
        while True:
            sender.send_bytes(b'e' + example_records(learned, rng, speller, chunk).tobytes())
    except BrokenPipeError:
        pass


def draw_backdrops(sender: Connection) -> None:
    sender.send_bytes(b'b' + np.concatenate([drawn.numpy() for drawn in Bank().drawn.values()]).tobytes())


class Drawers:
    """Starts the processes and takes what they send, in a thread of its own; at most `most` chunks of examples wait."""

    def __init__(self, count: int, version: str, tokenizer: Path, book: CodeBook, chunk: int, captions: int, most: int = 96):
        self.type = example_type(curriculum_of(version, Artwork.load(version), []).short)
        self.captions, self.examples, self.backdrops, self.most = deque(), deque(), None, most
        self.drawn = 0  # examples
        fork, seed = multiprocessing.get_context('fork'), time.time_ns()
        self.processes, self.receivers = [], []
        works = [(draw_without_end, (version, tokenizer, seed + k, chunk, captions, book)) for k in range(count)]
        for work, arguments in [*works, (draw_backdrops, ())]:
            receiver, sender = fork.Pipe(duplex=False)
            process = fork.Process(target=work, args=(sender, *arguments), daemon=True)
            process.start()
            sender.close()
            self.processes.append(process)
            self.receivers.append(receiver)
        self.ended = False
        threading.Thread(target=self._receive, daemon=True).start()

    def _receive(self) -> None:
        while self.receivers and not self.ended:
            if len(self.examples) >= self.most:
                time.sleep(0.005)
                continue
            for receiver in wait(self.receivers, 0.2):
                try:
                    self._take(receiver.recv_bytes())
                except (EOFError, OSError):
                    self.receivers = [other for other in self.receivers if other is not receiver]

    def _take(self, sent: bytes) -> None:
        kind = sent[:1]
        if kind == b'b':
            self.backdrops = np.frombuffer(sent, np.uint8, offset=1)
        elif kind == b'c':
            self.captions.append(np.frombuffer(sent, CAPTION, offset=1))
        else:
            self.examples.append(np.frombuffer(sent, self.type, offset=1))
            self.drawn += len(self.examples[-1])

    def check(self) -> None:
        if not any(process.is_alive() for process in self.processes[:-1]):
            raise RuntimeError('the processes that draw have ended')

    @staticmethod
    def next(queue: deque) -> np.ndarray | None:
        return queue.popleft() if queue else None

    def end(self) -> None:
        self.ended = True
        for process in self.processes:
            process.terminate()
