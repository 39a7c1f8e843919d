internal import Bytes
internal import Testing

@Suite("Secret mask")
struct SecretMaskTests {
    @Test(
        "every secret of four bytes and more is masked wherever it stands",
        arguments: [
            ("key=hunter2!", "key=••••!"), ("hunter2hunter2", "••••••••"), ("hunter", "hunter"),
            ("", ""), ("abc", "abc"), ("a\"b\\c is not \"a\\\"b\\\\c\"", "•••• is not \"••••\""),
            ("first line, second line", "••••, ••••"), ("\u{1b}[31m", "••••"),
            ("\\u{1b}[31m", "••••"),
            ("ключ-от-всего", "••••"),
        ]
    )
    func masks(text: String, expected: String) {
        let mask = SecretMask([
            "hunter2", "abc", "a\"b\\c", "first line\nsecond line", "\u{1b}[31m", "ключ-от-всего",
        ])
        #expect(mask.masked(text) == expected)
        #expect(mask.masked(Array(text.utf8)) == Array(expected.utf8))
    }

    @Test("of secrets that hold each other the whole goes first")
    func nested() {
        #expect(SecretMask(["pass", "password1"]).masked("password1 pass") == "•••• ••••")
    }

    @Test("keys of a tree are masked, too; those that become the same are one")
    func keys() {
        let value = CBORValue.map([
            CBORValue.Pair("f-hunter2", .integer(1)), CBORValue.Pair("f-password", .integer(2)),
            CBORValue.Pair("g", .integer(3)),
        ])
        let expected = CBORValue.map([
            CBORValue.Pair("f-••••", .integer(1)), CBORValue.Pair("g", .integer(3)),
        ])
        #expect(SecretMask(["hunter2", "password"]).masked(value) == expected)
    }

    @Test("texts in a tree are masked, and nothing else is")
    func trees() {
        let value = CBORValue.map([
            CBORValue.Pair("a", .array([.text("x hunter2"), .integer(7), .bytes([1])])),
            CBORValue.Pair("b", .map([CBORValue.Pair("c", .text("hunter2"))])),
        ])
        let expected = CBORValue.map([
            CBORValue.Pair("a", .array([.text("x ••••"), .integer(7), .bytes([1])])),
            CBORValue.Pair("b", .map([CBORValue.Pair("c", .text("••••"))])),
        ])
        #expect(SecretMask(["hunter2"]).masked(value) == expected)
        #expect(SecretMask().masked(value) == value)
    }

    @Test(
        "the beginning of a secret before a cut is masked as well",
        arguments: [
            ("key=hunter… (9 bytes more)", "key=••••… (9 bytes more)"), ("key=hun…", "key=hun…"),
            ("key=hunter", "key=hunter"), ("hunter2 and hunt…", "•••• and ••••…"), ("…", "…"),
        ]
    )
    func cuts(text: String, expected: String) {
        #expect(SecretMask(["hunter2"]).masked(cut: text) == expected)
    }
}
