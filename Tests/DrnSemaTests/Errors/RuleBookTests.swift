import DrnDiagnostics
import DrnSema
import DrnSource
import DrnSyntax
import DrnTestSupport
import Foundation
import Testing

/// Every code of drnc has what a rule needs: a program that is reported, one close to it that is not, and a fix that leaves it clean.
@Suite("Rule book") struct RuleBookTests {
  /// Codes that no text of a program brings about: what they are about instead.
  static let withoutProgram: [Code: String] = [
    .unreadableFile: "a file", .unwritableFile: "a file", .badOverride: "the command line", .badShorten: "the command line",
    .badTime: "the command line", .noSuchPhase: "the command line", .nothingToTrain: "a file without a training",
    .severalTrainings: "a file with more than one training",
    .unknownCode: "the command line", .unknownVocabulary: "the command line", .shortenedTooFar: "the command line",
    .moreProblems: "the number of problems", .dataNotUnderstood: "data without a program",
    .slowerThanDense: "this machine", .requirementFails: "the price of a lowered program",
    .diverged: "a run", .truncationError: "a run", .interrupted: "a run", .outputExists: "a run folder", .outputUnwritable: "a run folder",
    .runInUse: "a run folder",
    .dataUnusable: "data in a run", .weightsUnusable: "a file of weights", .checkpointMissing: "a checkpoint",
    .checkpointDamaged: "a checkpoint", .checkpointDiffers: "a checkpoint", .runUnusable: "a run folder",
    .inputUnfit: "a file of examples", .tensorFileUnusable: "a file of tensors", .notContinuable: "a run folder",
    .exportRefused: "a trained network", .mergeDiffers: "a trained network", .importUnfit: "a file of weights",
    .badNamePair: "the command line", .noSuchBatches: "the command line", .exportRanks: "an export",
    .promptUnknown: "the command line", .runUnreadable: "the log of a run", .portUnusable: "the command line",
    .badSweep: "the command line", .sweepIncomplete: "the runs of a sweep", .defect: "drnc itself", .devicesDivide: "the command line",
    .accumulationTravels: "the command line", .engineMissing: "this machine", .engineVersion: "this machine",
    .engineMemory: "a run", .engineFailed: "a run", .engineDiffers: "a checkpoint", .engineUnable: "the command line",
    .precisionUnavailable: "this machine",
  ]

  /// Codes about a program that have no fix, and why.
  static let withoutFix: [Code: String] = [
    .importCycle: "which of the imports is one too many is the author's to say",
    .unknownOverride: "it stands on the command line, which no edit of a file reaches",
    .malformedOverride: "it stands on the command line, which no edit of a file reaches",
    .missingOption: "the value of an option without a default is the author's choice",
    .duplicateDeclaration: "either of the two may be the one that was meant",
    .recursiveBlock: "where the recursion should end is not known",
    .parameterType: "which type was meant does not follow from the use",
    .divisionByZero: "the divisor that was meant is not known",
    .numberOverflow: "the number that was meant is not known",
    .operandKind: "either operand may be the one that is wrong",
    .planTooLarge: "which of the sizes is too large is not known",
    .networkTooLarge: "which of the repetitions is too many is not known",
    .notATensor: "the tensor that was meant is not known",
    .selectorWithoutMatrix: "the layers that were meant are not known",
    .unknownOrder: "the number of examples is not known",
    .undeterminedRank: "the rank is the author's choice",
    .malformedCycle: "how long a span of the cycle lasts is not known",
    .dataUnreadable: "the files have to change, not the program",
    .lossBlock: "what the block should compute is not known",
    .updateOfForm: "the form or the update that was meant is the author's choice",
    .classWeightCount: "the weights of the other classes are not known",
    .dataDamaged: "the files have to change, not the program",
    .mixedImageSizes: "the files have to change, not the program",
    .dataEmpty: "the files have to change, not the program",
    .labelRange: "how many classes there are is not known from one label",
    .missesHighNoise: "when the full-rank phase should be is the author's choice",
    .missesLowNoise: "when the full-rank phase should be is the author's choice",
    .lateTruncation: "when to truncate is the author's choice",
    .unusedBinding: "its layers may be what was meant to be used",
    .deployedForm: "what is to be deployed is the author's choice",
    .departsFromSource: "the published form has no dense weight",
    .fixedAtZero: "how the weights should begin is the author's choice",
    .unclosedBracket: "where the bracket should be closed is not known",
    .missingValue: "the value is not known",
    .nestedTooDeeply: "which part to take out is the author's choice",
    .numberTooLong: "the number that was meant is not known",
    .missingTransition: "the transition is the author's choice",
    .chainedComparison: "which of the comparisons were meant is not known",
    .missingElse: "the other value is not known",
    .blockComment: "where the comment ends is not known",
  ]

  static let codes = Code.all.filter { withoutProgram[$0] == nil }

  /// The programs that are reported with a code.
  private static let firing: [Code: [FixTests.Faulty]] = {
    let syntax = Page.all.filter { $0.code.traits.contains(.syntax) }
    let programs = FixTests.Faulty.all + syntax.map { FixTests.Faulty(name: $0.code.name, text: $0.failingExample) }
    var found: [Code: [FixTests.Faulty]] = [:]
    for program in programs {
      for code in Set(program.check().result.diagnostics.map(\.code)) { found[code, default: []].append(program) }
    }
    return found
  }()

  @Test("every code that is declared is listed, in the order of its number; no two have one number or name")
  func listed() throws {
    let folder = Repository.url("Sources/DrnDiagnostics")
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
    let text = try files.map { try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8) }.joined()
    let declared = text.matches(of: /static let \w+ = Code\(\s*(\d+), "(\w+)"/).map { "\(Int($0.1) ?? 0) \($0.2)" }
    #expect(declared.count == text.matches(of: /\bCode\(/).count, "a code is declared in another way than the others")
    let listed = Code.all.map { "\($0.number) \($0.name)" }
    #expect(Array(declared.sorted().difference(from: listed.sorted())) == [], "`Code.all` lacks what is declared, or has it twice")
    let numbers = Code.all.map(\.number)
    #expect(zip(numbers, numbers.dropFirst()).allSatisfy(<), "\(numbers)")
    #expect(Set(Code.all.map(\.name)).count == numbers.count)
  }

  @Test("every code is about a program or says what else it is about")
  func whole() {
    #expect(Self.withoutProgram.values.allSatisfy { !$0.isEmpty } && Self.withoutFix.values.allSatisfy { !$0.isEmpty })
    #expect(Set(Self.withoutProgram.keys).isSubset(of: Code.all) && Set(Self.withoutFix.keys).isSubset(of: Self.codes))
    #expect(Self.codes.count > 90)
  }

  @Test("docs/checks.md names every lint")
  func lints() throws {
    let page = try String(contentsOf: Repository.url("docs/checks.md"), encoding: .utf8)
    for code in Code.all where code.severity != .error && (500..<600).contains(code.number) {
      #expect(page.contains("`\(code.name)`"), "docs/checks.md has no row for `\(code.name)`")
    }
  }

  @Test("a program fires it", arguments: codes)
  func fires(_ code: Code) { #expect(Self.firing[code] != nil) }

  @Test("a program close to it does not", arguments: codes)
  func nearMiss(_ code: Code) throws {
    if let text = Self.syntaxNearMisses[code] {
      #expect(parse(file: FileID(0), bytes: Array(text.utf8)).diagnostics.map(\.message) == [])
      return
    }
    let goldens = FixTests.Faulty.goldens.filter { $0.name.hasPrefix(code.id) && $0.name.hasSuffix("-ok.drn") }
    #expect(!goldens.isEmpty)
    for golden in goldens { #expect(!golden.check().codes.contains(code.id), "\(golden.name)") }
  }

  /// Its fix needs a folder of files to find the nearest name in; `FixTests.imports` applies it.
  private static let fixedBesideFiles: Set<Code> = [.importNotFound]

  @Test(
    "its fix leaves nothing of it and no error, or there is a reason why it has none",
    arguments: codes.filter { !fixedBesideFiles.contains($0) })
  func fix(_ code: Code) {
    let programs = Self.firing[code] ?? []
    let fixable = programs.filter { program in
      program.check().result.diagnostics.contains { $0.code == code && !$0.fixIts.isEmpty }
    }
    guard Self.withoutFix[code] == nil else {
      #expect(fixable.isEmpty, "has a fix after all: \(fixable.map(\.name))")
      return
    }
    #expect(fixable.contains { becomesClean($0, code) }, "\(fixable.map(\.name))")
  }

  /// Whether the fixes of a code, and then those of what they uncover, as `drnc fix --unsafe` applies them round after round, make a program
  /// that is accepted without the code. The example of a code of syntax need be no whole program, only one that can be read.
  private func becomesClean(_ program: FixTests.Faulty, _ code: Code) -> Bool {
    let isSyntax = code.traits.contains(.syntax)
    var current = program
    for round in 0..<4 {
      let found = current.check().result.diagnostics
      let left = found.filter { $0.code == code || (isSyntax ? $0.code.traits.contains(.syntax) : $0.severity == .error) }
      if left.isEmpty { return round > 0 }
      let fixes = (round == 0 ? found.filter { $0.code == code } : left).compactMap(\.fixIts.first)
      let source = SourceFile(id: FileID(0), name: "main.drn", bytes: Array(current.text.utf8))
      current = FixTests.Faulty(name: program.name, text: String(decoding: apply(fixes, to: source), as: UTF8.self))
    }
    return false
  }

  /// What the reader must take although it is close to a fault.
  private static let syntaxNearMisses: [Code: String] = [
    .unexpectedToken: "block f(x: tensor,) { let y = x return y }",
    .unclosedBracket: "data d { a: [f(1, [2]), (3)] }",
    .strayToken: "data d { a: [1, 2,] b: f(1,) }",
    .unterminatedString: "data d { a: \"it \\\"ends\\\" here\" }",
    .unknownCharacter: "data d { a: \"@ # $\" } // @ # $",
    .missingValue: "data d { a: b c: d }",
    .missingColon: "train f on d { cycle { 2 epochs: a } }",
    .nestedTooDeeply: "data d { a: " + String(repeating: "(", count: 100) + "1" + String(repeating: ")", count: 100) + " }",
    .numberTooLong: "data d { a: 1_000_000_000_000_000_000 }",
    .keywordAsName: "data d { on: f(at: 1, from: 2) }",
    .crowdedMultiplication: "data d { a: 2 * n b: conv* }",
    .missingTransition: "train f on d { weights ** { from epoch 1: a by svd } }",
    .missingComma: "data d { a: [1 2 x] }",
    .unknownEscape: "data d { a: \"\\\\ \\\" \\n \\t\" }",
    .bareDecimalPoint: "data d { a: 0.5 b: x.y }",
    .chainedComparison: "train f on d { a: 1 < 2 and 2 < 3 b: (1 < 2) == true }",
    .missingElse: "block f(x: tensor) { return x |> if a { relu } |> relu }",
    .blockComment: "data d { a: 4 / 2 * 3 } // * /",
    .colonBeforeBrace: "train f on d { loss { from epoch 0: a } }",
    .malformedMoment: "train f on d { a: epoch 3 b: 3 epochs c: step n }",
  ]
}
