import Foundation

/// Every number of a page that is a constant of the code, by page.
extension StatedNumber {
  static let all = readme + users + methods + execution + contributors + oracles

  private static let exitStatus = "Sources/DrnDriver/ExitStatus.swift"
  private static let gallery = Source.countOfFiles("Tests/Golden/gallery", extension: "drn")
  private static let addresses = Source.after("drn_least_mebibytes =", in: "Sources/CKernels/include/drn/address_space.h")

  private static let readme: [StatedNumber] =
    [
      ("success", "Exit codes: # success"), ("failure", "success, # the program has errors"), ("numeric", "# training stopped because"),
      ("usage", "# usage"), ("badData", "# data that does not fit"), ("noInput", "# no such file"), ("unavailable", "# no engine"),
      ("tryAgain", "# an engine that ended"), ("defect", "# a defect of drnc"),
      ("cannotWrite", "# cannot write"), ("interrupted", "# interrupted and"), ("terminated", "# terminated after a clean stop"),
    ].map { StatedNumber("README.md", $1, .after("case \($0) =", in: exitStatus)) } + [
      StatedNumber("README.md", "with Swift # or newer. Kernels", .after("swift-tools-version:", in: "Package.swift")),
      StatedNumber("README.md", "Debian 12 with Swift # or newer, in", .after("swift-tools-version:", in: "Package.swift")),
      StatedNumber("README.md", "and [# frequent errors]", gallery, .word),
      StatedNumber("Sources/README.md", "Below # MiB of addresses", addresses),
    ]

  private static let users: [StatedNumber] = [
    StatedNumber("docs/README.md", "[# frequent errors]", gallery, .word),
    StatedNumber("docs/checks.md", "shows # of them as they are printed", gallery, .word),
    StatedNumber(
      "docs/checks.md", "the first # are shown", .after("let mostDiagnostics =", in: "Sources/DrnDriver/Console.swift"), .word),
    StatedNumber("docs/checks.md", "`\"schema\": #`", .after("(\"schema\", ", in: "Sources/DrnDiagnostics/Render/RenderJSON.swift")),
    StatedNumber("docs/checks.md", "not a multiple of # |", .after("let vectorWidth =", in: rankLints)),
    StatedNumber("docs/checks.md", "alpha / rank is # or more, or 1/# or less", .after("let oddAdapterScale =", in: rankLints)),
    StatedNumber("docs/checks.md", "first steps # times as long", .after("let oddAdapterScale =", in: rankLints)) { $0 * $0 },
    StatedNumber(
      "docs/checks.md", "variance is # times off", .after("1.0 / 8...", in: "Sources/DrnSema/Timeline/RankChecker+InitialDraws.swift")),
    StatedNumber("docs/command-line.md", "less than # MiB of addresses", addresses),
    StatedNumber("docs/command-line.md", "after `--warm-up` steps (#)", .after("var warmUp =", in: "Sources/DrncCommand/Benchmark.swift")),
    StatedNumber(
      "docs/command-line.md", "more than # times from what is predicted",
      .after("let bound =", in: "Sources/DrnTrain/Loop/KernelGridBenchmark.swift")),
    StatedNumber(
      "docs/command-line.md", "| `format`, `network` | #,",
      .after("static let format =", in: "Sources/DrnTrain/Data/ModelDescription.swift")),
    StatedNumber("docs/command-line.md", "are divided by # first", .after("scale: 1 /", in: "Sources/DrnData/Reading/IDXReader.swift")),
    StatedNumber("docs/command-line.md", "the status is # or", .after("case interrupted =", in: exitStatus)),
    StatedNumber("docs/command-line.md", "the status is 130 or #.", .after("case terminated =", in: exitStatus)),
    StatedNumber("docs/command-line.md", "A run ends with status # as soon as", .after("case numeric =", in: exitStatus)),
    StatedNumber("docs/command-line.md", "ends a run with status #;", .after("case numeric =", in: exitStatus)),
    StatedNumber("docs/data.md", "| byte / # |", .after("scale: 1 /", in: "Sources/DrnData/Reading/CIFARReader.swift")),
    StatedNumber(
      "docs/data.md", "unsigned bytes | `[1, rows, columns]` | byte / # |",
      .after("scale: 1 /", in: "Sources/DrnData/Reading/IDXReader.swift")),
    StatedNumber(
      "docs/data.md", "height, width]` | byte / # |", .after("scale: 1 /", in: "Sources/DrnData/Reading/Images/ImageFolderReader.swift")),
    StatedNumber(
      "docs/data.md", "with its # superclasses", .after("case .cifar100Coarse:", in: "Sources/DrnData/Reading/CIFARReader.swift")),
    StatedNumber("docs/data.md", "are drawn from; # unless given", splitSeed),
    StatedNumber("docs/data.md", "are drawn from. It is # unless given", splitSeed),
    StatedNumber(
      "docs/data.md", "A column has at most #.", .after("let most =", in: "Sources/DrnData/Reading/Tables/TableLevels.swift"), .grouped),
    StatedNumber("docs/data.md", "headers over # MB", .after("let longestHeader =", in: "Sources/DrnTensorFile/TensorFile+Read.swift")) {
      $0 / 1e6
    },
    StatedNumber(
      "docs/data.md", "at most # ahead of the one in use", .after("let depth =", in: "Sources/DrnTrain/Data/BatchQueue.swift"), .word
    ) {
      $0 - 1
    },
    StatedNumber("docs/language.md", "Brackets may be # deep", .after("let maximumDepth =", in: "Sources/DrnSyntax/Parser/Parser.swift")),
    StatedNumber(
      "docs/language.md", "operators of one expression #;", .after("let maximumHeight =", in: "Sources/DrnSyntax/Parser/Parser.swift")),
    StatedNumber(
      "docs/language.md", "has at most # characters", .after("let longestNumber =", in: "Sources/DrnSyntax/Lexer/Lexer+Numbers.swift")),
  ]
  private static let rankLints = "Sources/DrnSema/Timeline/RankChecker+Lints.swift"
  private static let splitSeed = Source.after("let defaultSplitSeed: UInt64 =", in: "Sources/DrnProgram/Data/DataSettings.swift")

  private static let methods: [StatedNumber] = [
    StatedNumber("docs/methods.md", "calls deflation (alpha #)", .next("case .factored:", behind: "var alpha: Int {", in: adapter)),
    StatedNumber("docs/methods.md", "(the core starts at zero, alpha #)", .next("case .tucker:", behind: "var alpha: Int {", in: adapter)),
    StatedNumber(
      "docs/methods.md", "(the last factor starts at zero, alpha #)", .next("case .cp:", behind: "var alpha: Int {", in: adapter)),
    StatedNumber(
      "docs/methods.md", "a # as long as the longest one",
      .after("builder.first(root), by:", in: "Sources/DrnMethods/Parameterizations/Factored.swift"), .word),
    StatedNumber(
      "docs/methods.md", "Singular values below # of the largest",
      .after("let negligible =", in: "Sources/DrnMethods/Transitions/DenseMomentum.swift")),
    StatedNumber(
      "docs/methods.md", "limit / (norm + #))",
      .after("builder.add(norm, try builder.constant(", in: "Sources/DrnLowering/Phase/GradientEvaluation.swift")),
    StatedNumber(
      "docs/methods.md", "have to be orthonormal to #", .after("deviation <=", in: "Sources/DrnTrain/Loop/SavedWeights.swift")),
    StatedNumber("docs/methods.md", "(1 - beta1) / sqrt(1 - beta2) = # rates long", beta2, .oneDecimal, convert: firstStep),
    StatedNumber("docs/methods.md", "makes its first steps up to # rates long", beta2, .oneDecimal, convert: firstStep),
  ]
  private static let adapter = "Sources/DrnMethods/Parameterizations/Adapter.swift"
  private static let moments = "Sources/DrnMethods/Updates/AdamMoments.swift"
  private static let beta2 = Source.after("options.number(\"beta2\") ??", in: moments)
  /// The first step of Adam over the rate where the second moment is zero, by the default of beta2 and that of beta1.
  private static let firstStep: @Sendable (Double) throws -> Double = { beta2 in
    (1 - (try Source.after("options.number(\"beta1\") ??", in: moments).value())) / (1 - beta2).squareRoot()
  }

  private static let execution: [StatedNumber] =
    [
      ("columns rounded up to # floats", .after("roundedUp(columns, to: ", in: layout), .digits),
      ("and # more where that is a multiple", .after("checkedSum(rounded, ", in: layout), .digits),
      ("a multiple of # floats", .after("rounded % ", in: layout), .digits),
      ("tiles of at most about # x 1024", .after("let targetRows =", in: grid), .digits),
      ("tiles of at most about 64 x #", .after("let targetColumns =", in: grid), .digits),
      ("at least # where the product is worth dividing", .after("let leastTiles =", in: grid), .word),
      ("| elementwise, `map` | # elements |", .after("let mapBlock =", in: "\(kernels)/MapKernel.swift"), .digits),
      ("| `sum` | # elements", .after("let sumBlock =", in: "\(kernels)/SumKernel.swift"), .digits),
      ("| `sum` | # elements", .after("let blockFloats =", in: "Sources/DrnKernels/ColumnSumPlan.swift"), .digits),
      ("its gradient | # rows", .after("let crossEntropyBlock =", in: "\(kernels)/CrossEntropyKernel.swift"), .digits),
      (
        "| `layer_norm` | # rows; the gradients of scale and offset are sums of blocks of # rows",
        .after("let layerNormBlock =", in: "Sources/DrnKernels/StepWorkSpace.swift"), .digits
      ),
      ("tall: # rows and more", .after("let leastLength =", in: tall), .digits),
      ("at most # columns on each side", .after("let mostColumns =", in: tall), .digits),
      ("each side | # elements", .after("let blockFloats =", in: tall), .digits),
      ("sums over rows: at most # blocks", .after("let mostBlocks =", in: tall), .digits),
      ("| `batch_norm`, its gradient | # elements", .after("let blockFloats =", in: "Sources/DrnKernels/BatchNormPlan.swift"), .digits),
      ("as many as have # Winograd tiles", .after("let tilesAtOnce =", in: convolution), .digits),
      ("Images of fewer than # tiles", .after("let tilesAtOnce =", in: convolution), .digits),
      ("at most # blocks of images, 8 where", .after("let mostBlocks =", in: convolution), .digits),
      ("a weight's gradient into at most # blocks", .after("let mostBlocks =", in: convolution), .digits),
      ("`random_*` | # elements", .after("max(1, ", in: "\(kernels)/RandomKernels.swift"), .digits),
      ("Winograd F(#x#, 3x3)", .after("let tileExtent =", in: convolution), .digits),
      ("at least # channels and as many outputs", .after("isPlain, isThree, sizes.channels >=", in: method), .digits),
      ("at least # of 16 results of a tile", .after("let leastFilling =", in: method), .digits),
      ("at most # outputs of more than 8 channels", .after("sizes.groups == 1, sizes.outputs <=", in: method), .digits),
      ("at most 8 outputs of more than # channels", .after("sizes.outputs <= 8, sizes.channels >", in: method), .digits),
      ("images whole, at most # tiles", .after("let mostTiles =", in: wide), .digits),
      ("then takes # tiles by 64 outputs", .after("let tilesOfTask =", in: wide), .digits),
      ("then takes 64 tiles by # outputs", .after("let outputsOfTask =", in: wide), .digits),
      ("the weights of # channels into its", .after("let channelsOfTask =", in: wide), .digits),
      ("as they are, at most # a round", .after("let mostPixels =", in: wide), .digits),
      ("Of images of fewer than # windows", .after("let fewWindows =", in: convolution), .digits),
      ("at most # instructions", .after("#define DRN_MAP_INSTRUCTIONS", in: "Sources/CKernels/include/drn/map.h"), .digits),
      ("instructions over # registers", .after("#define DRN_MAP_REGISTERS", in: "Sources/CKernels/include/drn/map.h"), .digits),
      ("exit status #, the operation", .after("case defect =", in: exitStatus), .digits),
    ].map { StatedNumber(executionPage, $0, $1, $2) } + [
      StatedNumber(executionPage, "blocks of images, # where sums are large", .after("let mostBlocks =", in: convolution)) { $0 / 2 },
      StatedNumber(executionPage, "with channels times outputs at most #", .after("let largestWinograd =", in: method)),
      StatedNumber(executionPage, "# products for 16 results", .after("let tileExtent =", in: convolution)) { ($0 + 2) * ($0 + 2) },
      StatedNumber(executionPage, "products for # results instead of", .after("let tileExtent =", in: convolution)) { $0 * $0 },
      StatedNumber(executionPage, "16 results instead of #", .after("let tileExtent =", in: convolution)) { $0 * $0 * 9 },
      StatedNumber(
        executionPage, "a forward result of # MiB or more", .after("let streamedFloats =", in: "\(kernels)/ConvolutionKernel.swift")
      ) {
        $0 * 4 / exp2(20)
      },
      StatedNumber(
        executionPage, "and # KiB on both sides of the arena", .after("static let margin =", in: "Sources/DrnCPU/MemoryGuard.swift")
      ) {
        $0 / 1024
      },
    ]
  private static let executionPage = "docs/contributing/execution.md"
  private static let layout = "Sources/DrnPlan/Layout.swift"
  private static let grid = "Sources/DrnKernels/MatmulGrid.swift"
  private static let tall = "Sources/DrnKernels/TallProduct.swift"
  private static let convolution = "Sources/DrnKernels/ConvolutionPlan.swift"
  private static let method = "Sources/DrnKernels/ConvolutionMethod.swift"
  private static let wide = "Sources/DrnKernels/WideConvolution.swift"
  private static let kernels = "Sources/DrnCPU/Kernels"

  private static let contributors: [StatedNumber] = [
    StatedNumber(
      "docs/contributing/language-server.md", "at most # in each",
      .after("let mostPrograms =", in: "Sources/DrnDriver/Driver+LanguageServer.swift")),
    StatedNumber(
      "docs/contributing/language-server.md", "strict, and # levels deep",
      .after("maximumDepth: Int =", in: "Sources/DrnJSON/JSONReader.swift")),
    StatedNumber(
      "docs/contributing/language-server.md", "a body of more than # MiB",
      .after("let largestBody =", in: "Sources/DrnLanguageServer/Protocol/FrameReader.swift")
    ) { $0 / exp2(20) },
    StatedNumber(
      "docs/contributing/language-server.md", "within # ms in the median",
      .after("(\"--limit\", type=float, default=", in: "benchmarks/language_server.py")),
    StatedNumber("docs/contributing/grammar.md", "dropped, doubled or swapped | 1.08 | # |", .after("#expect(mean <= ", in: faults)),
    StatedNumber("docs/contributing/grammar.md", "within one token of the fault | 99 % | # % |", .after("#expect(near >= ", in: faults)) {
      $0 * 100
    },
    StatedNumber("docs/contributing/grammar.md", "at the same time | 92.5 % | # % |", .after("#expect(share >= ", in: faults)) { $0 * 100 },
    StatedNumber(
      "docs/contributing/grammar.md", "holds `drnc check` to # MiB", .after("(\"--mebibytes\", type=int, default=", in: hostile)),
    StatedNumber("docs/contributing/grammar.md", "documented status over # files", .after("(\"--count\", type=int, default=", in: hostile)),
    StatedNumber(
      "docs/contributing/oracles.md", "the program. # are part of the suite",
      .after("environment[\"DRNC_PROGRAMS\"].flatMap { Int($0) } ??", in: "Tests/DrnDriverTests/RandomPrograms/RandomProgramTests.swift")),
    StatedNumber(
      "docs/contributing/oracles.md", "Of networks 0 to # none is above",
      .after("number(\"DRNC_RANDOM_NETWORKS\") ??", in: "Tests/DrnCompilerTests/Oracle/RandomNetworkTests.swift")
    ) { $0 - 1 },
  ]
  private static let faults = "Tests/DrnSemaTests/Faults/SeededFaultTests.swift"
  private static let hostile = "Tests/Fuzz/hostile.py"

  private static let oracles: [StatedNumber] = [
    ("| loss, logits, norm of the gradient | float32 | # of the tensor's norm |", "let tolerance =", steps),
    ("| gradient of every trained tensor | float32 | # of its norm", "let tolerance =", steps),
    ("1e-5 of its norm, plus 2^# of the norm of the whole gradient", "let gradientRounding = 0x1p", steps),
    ("| optimizer state, running statistics | float32 | # of its norm |", "let tolerance =", steps),
    ("| weights | float32 | # of the norm of **the step's change**", "let changeTolerance =", steps),
    ("plus 2^# of the weight's norm |", "let weightRounding = 0x1p", steps),
    ("by the reference interpreter | float64 | # |", "let tolerance =", "Tests/DrnCompilerTests/Oracle/OracleDouble.swift"),
    ("| loss, logits | # |", "case .shown: (", residual),
    ("| running statistics | #, plus 1e-10 of all |", "case .statistics: (", residual),
    ("| running statistics | 1e-6, plus # of all |", "case .statistics: (1e-6,", residual),
    ("| weights | 1e-4, plus 1e-8 of all weights | 6.8e-5 | # |", "case .weights: isSmooth ? (", residual),
    ("| weights | #, plus 1e-8 of all weights |", "case .weights: isSmooth ? (5e-6, 0) : (", residual),
    ("| weights | 1e-4, plus # of all weights |", "case .weights: isSmooth ? (5e-6, 0) : (1e-4,", residual),
    ("| momentum | 5e-3, plus 1e-5 of all momentum | 1.8e-3 | # |", "case .momentum: isSmooth ? (", residual),
    ("| momentum | #, plus 1e-5 of all momentum |", "case .momentum: isSmooth ? (1e-5, 0) : (", residual),
    ("| momentum | 5e-3, plus # of all momentum |", "case .momentum: isSmooth ? (1e-5, 0) : (5e-3,", residual),
  ].map { StatedNumber("docs/contributing/oracles.md", $0, .after($1, in: $2)) }
  private static let steps = "Tests/DrnCompilerTests/Oracle/OracleSteps.swift"
  private static let residual = "Tests/DrnCompilerTests/Oracle/OracleResidual.swift"
}
