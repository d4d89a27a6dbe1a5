// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [.enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility")]

/// A library target of drnc; `layer` order and allowed edges are in Sources/README.md and held by TidyTests.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// What tests of several targets share.
func support(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: strict)
}

let package = Package(
  name: "drnc",
  products: [.executable(name: "drnc", targets: ["DrncCommand"]), .library(name: "Drnc", targets: ["Drnc"])],
  dependencies: [
    // The command line: parsing, help, completions.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // System libraries.
    .systemLibrary(name: "CDNNL", path: "Sources/CDNNL", providers: [.apt(["libdnnl-dev"])]),
    .systemLibrary(name: "COpenBLAS", path: "Sources/COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CZlib", path: "Sources/CZlib", providers: [.apt(["zlib1g-dev"])]),
    // Vectorised kernels, GEMM and thread team behind one C header.
    .target(name: "CKernels", dependencies: ["CDNNL", "COpenBLAS"]),

    // PNG and JPEG through libpng and libjpeg, whose errors jump, behind one C header.
    .target(name: "CImages", linkerSettings: [.linkedLibrary("png"), .linkedLibrary("jpeg")]),

    // XLA's plugins, opened at run time, behind one C header.
    .target(name: "CPJRT"),

    // Layer 0
    library("DrnSource"),
    library("DrnJSON"),
    library("DrnSystem"),
    library("DrnNumbers"),
    // Layer 1
    library("DrnDiagnostics", ["DrnSource", "DrnJSON"]),
    // Layer 2
    library("DrnSyntax", ["DrnSource", "DrnDiagnostics"]),
    library("DrnIR", ["DrnSource"]),
    library("DrnTensorFile", ["DrnJSON", "DrnSystem"]),
    library("DrnData", ["DrnJSON", "DrnSystem", "DrnNumbers", "CImages", "CZlib", "DrnTensorFile"]),
    // Layer 3
    library("DrnMethods", ["DrnSource", "DrnNumbers", "DrnIR"]),
    library("DrnReference", ["DrnIR"]),
    library("DrnKernels", ["DrnIR"]),
    library("DrnReport", ["DrnSource", "DrnJSON", "DrnDiagnostics", "DrnSyntax"]),
    library("DrnSweep", ["DrnJSON", "DrnData"]),
    // Layer 4
    library("DrnPasses", ["DrnIR", "DrnKernels"]),
    library("DrnPlan", ["DrnIR", "DrnKernels"]),
    library("DrnStableHLO", ["DrnSource", "DrnJSON", "DrnIR"]),
    library("DrnProgram", ["DrnSource", "DrnJSON", "DrnSystem", "DrnNumbers", "DrnDiagnostics", "DrnIR", "DrnData", "DrnMethods"]),
    // Layer 5
    library(
      "DrnSema",
      ["DrnSource", "DrnSystem", "DrnNumbers", "DrnDiagnostics", "DrnSyntax", "DrnIR", "DrnData", "DrnMethods", "DrnProgram"]),
    library("DrnLowering", ["DrnNumbers", "DrnIR", "DrnMethods", "DrnProgram"]),
    library("DrnCPU", ["DrnSystem", "CKernels", "DrnIR", "DrnKernels", "DrnPlan"]),
    // Layer 6
    library("DrnCompiler", ["DrnIR", "DrnData", "DrnMethods", "DrnPasses", "DrnPlan", "DrnProgram", "DrnLowering", "DrnCPU"]),
    library("DrnEngines", ["CPJRT", "CZlib", "DrnSource", "DrnJSON", "DrnSystem", "DrnIR", "DrnStableHLO", "DrnCPU"]),
    // Layer 7
    library(
      "DrnAnalysis",
      [
        "DrnNumbers", "DrnDiagnostics", "DrnIR", "DrnData", "DrnMethods", "DrnKernels", "DrnPasses", "DrnPlan", "DrnProgram",
        "DrnLowering", "DrnCPU", "DrnCompiler",
      ]),
    // Layer 8
    library(
      "DrnTrain",
      [
        "DrnSource", "DrnJSON", "DrnSystem", "DrnNumbers", "DrnDiagnostics", "DrnIR", "DrnTensorFile", "DrnData", "DrnMethods",
        "DrnKernels", "DrnPasses", "DrnPlan", "DrnProgram", "DrnLowering", "DrnCPU", "DrnCompiler", "DrnEngines", "DrnAnalysis",
      ]),
    library(
      "DrnLanguageServer",
      [
        "DrnSource", "DrnJSON", "DrnDiagnostics", "DrnSyntax", "DrnIR", "DrnMethods", "DrnKernels", "DrnProgram", "DrnSema", "DrnCompiler",
        "DrnAnalysis",
      ]),
    // Layer 9
    library(
      "DrnInference",
      [
        "DrnSource", "DrnJSON", "DrnSystem", "DrnNumbers", "DrnDiagnostics", "DrnIR", "DrnTensorFile", "DrnData", "DrnMethods", "DrnPlan",
        "DrnProgram", "DrnSema", "DrnLowering", "DrnCPU", "DrnCompiler", "DrnTrain",
      ]),
    library(
      "DrnExport",
      [
        "DrnJSON", "DrnSystem", "DrnTensorFile", "DrnData", "DrnIR", "DrnMethods", "DrnPasses", "DrnProgram", "DrnLowering", "DrnCPU",
        "DrnStableHLO", "DrnCompiler", "DrnTrain",
      ]),
    library(
      "DrnImport",
      ["DrnSource", "DrnSystem", "DrnTensorFile", "DrnMethods", "DrnProgram", "DrnCompiler", "DrnTrain"]),
    // Layer 10
    library(
      "DrnDriver",
      [
        "DrnSource", "DrnJSON", "DrnSystem", "DrnNumbers", "DrnDiagnostics", "DrnSyntax", "DrnIR", "DrnTensorFile", "DrnData", "DrnMethods",
        "DrnKernels", "DrnPasses", "DrnPlan", "DrnProgram", "DrnSema", "DrnLowering", "DrnCPU", "DrnCompiler", "DrnAnalysis", "DrnTrain",
        "DrnInference", "DrnExport", "DrnImport", "DrnStableHLO", "DrnEngines", "DrnLanguageServer", "DrnReport", "DrnSweep",
      ]),
    // Layer 11
    library("Drnc", ["DrnJSON", "DrnProgram", "DrnTrain", "DrnInference", "DrnDriver"]),
    .executableTarget(
      name: "DrncCommand",
      dependencies: [
        "DrnDriver", "DrnInference", "DrnReport", "DrnSystem", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    support(
      "DrnTestSupport",
      [
        "DrnSource", "DrnDiagnostics", "DrnIR", "DrnMethods", "DrnReference", "DrnPasses", "DrnProgram", "DrnSema", "DrnLowering",
        "DrnCompiler",
      ]),
    tests("DrnSourceTests", ["DrnSource"]),
    tests("DrnJSONTests", ["DrnJSON"]),
    tests("DrnSystemTests", ["DrnSystem", "DrnTestSupport"]),
    tests("DrnNumbersTests", ["DrnNumbers"]),
    tests("DrnDiagnosticsTests", ["DrnSource", "DrnDiagnostics", "DrnSema", "DrnTestSupport"]),
    tests("DrnSyntaxTests", ["DrnSource", "DrnDiagnostics", "DrnSyntax", "DrnTestSupport"]),
    tests(
      "DrnIRTests",
      ["DrnIR", "DrnReference", "DrnKernels", "DrnPasses", "DrnProgram", "DrnLowering", "DrnCompiler", "DrnTestSupport"]),
    tests("DrnTensorFileTests", ["DrnSystem", "DrnTensorFile", "DrnTestSupport"]),
    tests("DrnDataTests", ["DrnJSON", "DrnNumbers", "DrnTensorFile", "DrnData", "DrnTestSupport"]),
    tests("DrnMethodsTests", ["DrnSource", "DrnNumbers", "DrnIR", "DrnMethods", "DrnReference", "DrnPasses", "DrnTestSupport"]),
    tests("DrnReferenceTests", ["DrnIR", "DrnReference", "DrnTestSupport"]),
    tests("DrnReportTests", ["DrnJSON", "DrnReport", "DrnTestSupport"]),
    tests("DrnSweepTests", ["DrnJSON", "DrnSweep"]),
    tests("DrnKernelsTests", ["CKernels", "DrnIR", "DrnKernels"]),
    tests("DrnPassesTests", ["DrnIR", "DrnReference", "DrnKernels", "DrnPasses", "DrnTestSupport"]),
    tests("DrnPlanTests", ["DrnIR", "DrnPlan", "DrnProgram", "DrnLowering", "DrnCompiler", "DrnTestSupport"]),
    tests("DrnProgramTests", ["DrnData", "DrnMethods", "DrnProgram"]),
    tests("DrnSemaTests", ["DrnSource", "DrnDiagnostics", "DrnSyntax", "DrnMethods", "DrnProgram", "DrnSema", "DrnTestSupport"]),
    tests(
      "DrnLoweringTests",
      ["DrnNumbers", "DrnIR", "DrnMethods", "DrnReference", "DrnPasses", "DrnProgram", "DrnSema", "DrnLowering", "DrnTestSupport"]),
    tests("DrnCPUTests", ["CKernels", "DrnIR", "DrnReference", "DrnKernels", "DrnPasses", "DrnPlan", "DrnCPU", "DrnTestSupport"]),
    tests(
      "DrnCompilerTests",
      [
        "DrnIR", "DrnTensorFile", "DrnReference", "DrnProgram", "DrnLowering", "DrnCPU", "DrnCompiler", "DrnEngines", "DrnAnalysis",
        "DrnTrain",
        "DrnTestSupport",
      ]),
    tests(
      "DrnAnalysisTests",
      [
        "DrnSource", "DrnDiagnostics", "DrnKernels", "DrnProgram", "DrnSema", "DrnPlan", "DrnCPU", "DrnCompiler", "DrnAnalysis",
        "DrnTestSupport",
      ]),
    tests(
      "DrnTrainTests",
      [
        "DrnSource", "DrnJSON", "DrnDiagnostics", "DrnIR", "DrnTensorFile", "DrnData", "DrnMethods", "DrnKernels", "DrnPlan",
        "DrnProgram", "DrnSema", "DrnLowering", "DrnCPU", "DrnCompiler", "DrnAnalysis", "DrnTrain", "DrnTestSupport",
      ]),
    tests(
      "DrnInferenceTests",
      [
        "DrnIR", "DrnTensorFile", "DrnData", "DrnProgram", "DrnLowering", "DrnCPU", "DrnCompiler", "DrnTrain", "DrnInference",
        "DrnTestSupport",
      ]),
    tests(
      "DrnExportTests",
      [
        "DrnSource", "DrnJSON", "DrnDiagnostics", "DrnTensorFile", "DrnMethods", "DrnProgram", "DrnSema", "DrnCompiler", "DrnTrain",
        "DrnExport",
        "DrnTestSupport",
      ]),
    tests(
      "DrnImportTests",
      [
        "DrnTensorFile", "DrnProgram", "DrnSema", "DrnCompiler", "DrnTrain", "DrnExport", "DrnImport", "DrnTestSupport",
      ]),
    tests(
      "DrnLanguageServerTests",
      [
        "DrnSource", "DrnJSON", "DrnDiagnostics", "DrnSyntax", "DrnMethods", "DrnProgram", "DrnSema", "DrnLanguageServer",
        "DrnTestSupport",
      ]),
    tests(
      "DrnDriverTests",
      [
        "DrnSource", "DrnJSON", "CKernels", "DrnDiagnostics", "DrnTensorFile", "DrnData", "DrnMethods", "DrnKernels", "DrnProgram",
        "DrnSema",
        "DrnCompiler", "DrnAnalysis", "DrnTrain", "DrnDriver", "DrnTestSupport",
      ]),
    tests("DrncTests", ["Drnc", "DrnTestSupport"]),
    tests(
      "DrnStableHLOTests",
      [
        "DrnJSON", "DrnIR", "DrnTensorFile", "DrnReference", "DrnKernels", "DrnProgram", "DrnStableHLO", "DrnLowering", "DrnCPU",
        "DrnCompiler",
        "DrnAnalysis",
        "DrnTestSupport",
      ]),
    tests("DrnEnginesTests", ["DrnIR", "DrnCPU", "DrnEngines"]),
    tests("TidyTests", ["DrnTestSupport"]),
  ],
  cLanguageStandard: .gnu11
)
