"""Digests against published vectors, and comparisons that never fail."""

import pytest

from mockex.wire.signing import HmacKey, constant_time_equal, within_window

# RFC 4231, sections 4.2, 4.3 and 4.7; the SHA-1 row is RFC 2202, section 3, test case 1.
PUBLISHED = [
    ("sha256", b"\x0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (
        "sha384",
        b"\x0b" * 20,
        b"Hi There",
        "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
    ),
    (
        "sha512",
        b"\x0b" * 20,
        b"Hi There",
        "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
        "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
    ),
    ("sha1", b"\x0b" * 20, b"Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"),
    (
        "sha256",
        b"Jefe",
        b"what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
    (
        "sha256",
        b"\xaa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
    (
        "sha512",
        b"\xaa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
        "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
    ),
]


@pytest.mark.parametrize(("algorithm", "secret", "message", "expected"), PUBLISHED)
def test_digests_equal_the_published_ones(algorithm: str, secret: bytes, message: bytes, expected: str) -> None:
    key = HmacKey(secret, algorithm)
    assert key.hex(message) == expected
    assert key.digest(message) == bytes.fromhex(expected)


def test_a_key_gives_the_same_digest_however_often_it_is_used() -> None:
    key = HmacKey(b"Jefe")
    key.digest(b"something else")
    assert key.hex(b"what do ya want for nothing?") == PUBLISHED[4][3]


def test_base64_is_standard_padded_and_on_one_line() -> None:
    # The digests of the first and third vector, re-encoded from hexadecimal by another program.
    assert HmacKey(b"\x0b" * 20).base64(b"Hi There") == "sDRMYdjbOFNcqK/OrwvxK4gdwgDJgz2nJuk3bC4yz/c="
    assert HmacKey(b"\x0b" * 20, "sha512").base64(b"Hi There") == (
        "h6p83qXvYZ1P8LQkGh1ssCN59OLOTsJ4etCzBUXhfN7aqDO31rinAgOLJ06uo/Tkvp2RTuth8XAuaWwgOhJoVA=="
    )


def test_an_unknown_algorithm_is_a_value_error() -> None:
    with pytest.raises(ValueError):
        HmacKey(b"x", "no-such-digest")


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        ("abc", "abc", True),
        ("abc", "abd", False),
        ("abc", "abcd", False),
        ("", "", True),
        ("", "a", False),
        ("通", "通", True),
        ("通", "貨", False),
        ("\udcff", "\udcff", True),
        ("\udcff", "\udcfe", False),
        ("é", "e\u0301", False),
    ],
)
def test_texts_of_any_kind_are_compared(a: str, b: str, equal: bool) -> None:
    assert constant_time_equal(a, b) is equal
    assert constant_time_equal(b, a) is equal


@pytest.mark.parametrize(("then_ns", "inside"), [(1_000, True), (970, True), (969, False), (1_030, True), (1_031, False)])
def test_the_edges_of_a_window_are_inside(then_ns: int, inside: bool) -> None:
    assert within_window(1_000, then_ns, 30) is inside
