import DrnDiagnostics
import DrnSource
import DrnSyntax
import Testing

private func formatted(_ text: String) -> String? {
  let source = SourceFile(id: FileID(0), name: "a.drn", bytes: Array(text.utf8))
  return format(parse(source), source: source).map { String(decoding: $0, as: UTF8.self) }
}

/// The texts of a program's tokens: equal lists have equal trees.
private func words(_ text: String) -> [String] {
  let bytes = Array(text.utf8)
  return parse(file: FileID(0), bytes: bytes).tokens.map { String(decoding: bytes[$0.span.start..<$0.span.end], as: UTF8.self) }
}

private func comments(_ text: String) -> [String] {
  text.split(separator: "\n").compactMap { line in
    line.firstRange(of: "//").map { String(line[$0.lowerBound...]).trimmingSuffix(while: \.isWhitespace) }
  }
}

extension String {
  fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
    var text = self
    while let last = text.last, predicate(last) { text.removeLast() }
    return text
  }
}

@Suite("Formatter") struct FormatTests {
  @Test("keeps tokens and comments, and is idempotent", arguments: Programs.all.indices)
  func isFaithful(index: Int) throws {
    let program = Programs.all[index]
    let once = try #require(formatted(program))
    #expect(words(once) == words(program))
    #expect(comments(once) == comments(program))
    #expect((formatted(once) == once) == true)
  }

  @Test("stays faithful when every line break is gone or every token has its own line", arguments: Programs.all.indices)
  func survivesLayout(index: Int) throws {
    let program = Programs.all[index]
    for separator in [" ", "\n", "\n\n\n", " // remark\n", "\n  // remark\n"] {
      let variant = words(program).joined(separator: separator)
      #expect(parse(file: FileID(0), bytes: Array(variant.utf8)).diagnostics.map(\.message) == [])
      let once = try #require(formatted(variant), "separator \(separator.debugDescription)")
      #expect(words(once) == words(program))
      #expect(comments(once) == comments(variant))
      #expect((formatted(once) == once) == true)
    }
  }

  @Test("writes the canonical style")
  func canonicalStyle() {
    let rough = """
      import "a.drn"
      import "b.drn"


      // Digits.
      data   digits{source:idx( "x" )   // here
        label :class(10),}
      """
    #expect(formatted(rough) == nil)
    let program = """
      import "a.drn"
      import "b.drn"
      // Digits.
      data   digits{source:idx( "x" )   // here


        label :class(10)
      // last
      }
      block f(x:tensor,n:int=1){return x|>a:conv(n*2,-n)|>stage1:{relu|>repeat(2){relu}}
      |>relu
      |> if n>1{relu}}
      train f on digits{rate:1/8 * (2) mod 4/5 - 6 / 7  weights  stem , conv*{from epoch 0:dense every 5epochs:report(a)}
      sizes:[
      1,
      2
      ]
      loss{at end:none}
      }
      """
    let expected = """
      import "a.drn"
      import "b.drn"

      // Digits.
      data digits {
        source: idx("x")  // here

        label: class(10)
        // last
      }

      block f(x: tensor, n: int = 1) {
        return x |> a: conv(n * 2, -n) |> stage1: { relu |> repeat(2) { relu } }
          |> relu
          |> if n > 1 { relu }
      }

      train f on digits {
        rate: 1/8 * (2) mod 4 / 5 - 6/7
        weights stem, conv* {
          from epoch 0: dense
          every 5 epochs: report(a)
        }
        sizes: [
          1,
          2
        ]
        loss { at end: none }
      }

      """
    #expect(formatted(program.replacing("n*2", with: "n * 2")) == expected)
  }

  @Test("leaves a file with syntax errors alone and accepts an empty one")
  func refusesErrors() {
    #expect(formatted("data x { a 1 }") == nil)
    #expect(formatted("") == "")
    #expect(formatted("\n\n// only a remark\n\n") == "// only a remark\n")
  }
}
