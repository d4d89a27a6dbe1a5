import DrnMethods
import DrnProgram
import Testing

@Suite("Defaults of options") struct DefaultTests {
  @Test("every default is a value that the option would accept") func accepted() {
    var count = 0
    for spec in MethodFamily.allCases.flatMap(\.specs) {
      for option in spec.options {
        guard let value = option.defaultValue else { continue }
        count += 1
        let name = "\(spec.name)(\(option.name))"
        switch option.kind {
        case .number(let range), .numbers(let range): #expect(value.number.map(range.contains) ?? false, "\(name)")
        case .integer(let range): #expect(value.integer.map(range.contains) ?? false, "\(name)")
        case .boolean: #expect([.boolean(true), .boolean(false)].contains(value), "\(name)")
        case .word(let words): #expect(value.word.map(words.contains) ?? false, "\(name)")
        case .extents(let range, let words):
          #expect(value.integer.map(range.contains) ?? value.word.map(words.contains) ?? false, "\(name)")
        case .text, .rank, .moment, .moments, .duration, .words, .columns, .state, .method: break
        }
      }
    }
    #expect(count > 60)
  }
}
