"""The same seed and the same commands at the same virtual times give the same bytes; another seed gives others."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import endtoend_transcript
import pytest
from endtoend_transcript import Transcript, transcript

PROGRAM = Path(endtoend_transcript.__file__)
PROCESS_SECONDS = 600


@pytest.fixture(scope="module")
def told() -> Transcript:
    """What a world of seed 7 says."""
    return asyncio.run(transcript(seed=7))


def parts(found: Transcript) -> tuple[bytes, ...]:
    return (*found.rest, *found.streams)


def test_two_servers_say_the_same_byte_for_byte(told: Transcript) -> None:
    assert (len(told.rest), len(told.streams)) == (2, 3)
    assert [len(text) > 10_000 for text in parts(told)] == [True] * 5
    again = asyncio.run(transcript(seed=7))
    for first, second in zip(parts(told), parts(again), strict=True):
        assert first == second
    assert told.keys == again.keys
    assert list(told.keys) == ["alice", "bob", "viewer"]


def test_how_time_is_moved_changes_nothing(told: Transcript) -> None:
    for first, second in zip(parts(told), parts(asyncio.run(transcript(seed=7, steps=125))), strict=True):
        assert first == second


def test_another_seed_gives_another_market_and_other_keys(told: Transcript) -> None:
    other = asyncio.run(transcript(seed=8))
    for first, second in zip(parts(told), parts(other), strict=True):
        assert first != second
    assert set(told.keys.values()).isdisjoint(other.keys.values())


def test_another_process_says_the_same(told: Transcript) -> None:
    """The order of a set of texts differs from process to process; nothing that is sent may depend on it."""
    assert {digest_of_a_process(seed=7, hash_seed=hash_seed) for hash_seed in ("1", "2")} == {told.digest()}


def digest_of_a_process(*, seed: int, hash_seed: str) -> str:
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(seed)],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        timeout=PROCESS_SECONDS,
        check=True,
    )
    return done.stdout.strip()
