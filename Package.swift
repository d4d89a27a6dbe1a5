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

let package = Package(
  name: "drnc",
  products: [.executable(name: "drnc", targets: ["drnc"])],
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

    // Layer 0
    library("DrnSource"),
    library("DrnJSON"),
    library("DrnSystem"),
    library("DrnNumbers"),
    // Layer 1
    library("DrnDiagnostics", ["DrnJSON", "DrnSource"]),
    // Layer 2
    library("DrnSyntax", ["DrnSource", "DrnDiagnostics"]),
    library("DrnIR", ["DrnSource"]),
    library("DrnTensorFile", ["DrnJSON", "DrnSystem"]),
    library("DrnData", ["DrnSystem", "DrnNumbers", "DrnTensorFile", "CZlib", "CImages"]),
    // Layer 3
    library("DrnMethods", ["DrnIR", "DrnNumbers"]),
    library("DrnPasses", ["DrnIR"]),
    library("DrnPlan", ["DrnIR"]),
    library("DrnReference", ["DrnIR"]),
    // Layer 4
    library("DrnSema", ["DrnSource", "DrnSystem", "DrnNumbers", "DrnDiagnostics", "DrnSyntax", "DrnIR", "DrnMethods", "DrnData"]),
    // Layer 5
    library("DrnLowering", ["DrnNumbers", "DrnIR", "DrnMethods", "DrnSema", "DrnSource"]),
    library("DrnCPU", ["DrnSystem", "DrnIR", "DrnPlan", "CKernels"]),
    // Layer 6
    library(
      "DrnAnalysis",
      ["DrnSource", "DrnNumbers", "DrnDiagnostics", "DrnIR", "DrnMethods", "DrnPasses", "DrnPlan", "DrnSema", "DrnLowering", "DrnCPU"]),
    library(
      "DrnTrain",
      [
        "DrnSource", "DrnDiagnostics", "DrnIR", "DrnMethods", "DrnPasses", "DrnPlan", "DrnSema", "DrnLowering", "DrnAnalysis", "DrnCPU",
        "DrnData", "DrnTensorFile", "DrnJSON", "DrnSystem",
      ]),
    library(
      "DrnLanguageServer", ["DrnSource", "DrnJSON", "DrnDiagnostics", "DrnSyntax", "DrnIR", "DrnMethods", "DrnSema", "DrnAnalysis"]),
    // Layer 7
    library(
      "DrnDriver",
      [
        "DrnSource", "DrnSystem", "DrnDiagnostics", "DrnSyntax", "DrnIR", "DrnMethods", "DrnPasses", "DrnPlan", "DrnSema", "DrnLowering",
        "DrnCPU", "DrnData", "DrnAnalysis", "DrnTrain", "DrnLanguageServer", "DrnJSON", "DrnNumbers",
      ]),
    // Layer 8
    .executableTarget(
      name: "drnc",
      dependencies: ["DrnDriver", "DrnSystem", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: strict),

    tests("DrnJSONTests", ["DrnJSON"]),
    tests("DrnSystemTests", ["DrnSystem"]),
    tests("DrnSourceTests", ["DrnSource", "DrnDiagnostics"]),
    tests("DrnSyntaxTests", ["DrnSource", "DrnDiagnostics", "DrnSyntax"]),
    tests("DrnIRTests", ["DrnIR", "DrnPasses", "DrnReference"]),
    tests("DrnDataTests", ["DrnData", "DrnNumbers", "DrnSystem", "DrnTensorFile"]),
    tests("DrnMethodsTests", ["DrnIR", "DrnNumbers", "DrnMethods", "DrnPasses", "DrnReference"]),
    tests("DrnSemaTests", ["DrnSource", "DrnDiagnostics", "DrnSyntax", "DrnMethods", "DrnSema"]),
    tests(
      "DrnLoweringTests",
      [
        "DrnSource", "DrnNumbers", "DrnDiagnostics", "DrnSyntax", "DrnIR", "DrnMethods", "DrnPasses", "DrnReference", "DrnSema",
        "DrnLowering",
      ]),
    tests("DrnCPUTests", ["DrnIR", "DrnPasses", "DrnPlan", "DrnReference", "DrnCPU", "CKernels"]),
    tests(
      "DrnTrainTests",
      [
        "DrnSource", "DrnDiagnostics", "DrnIR", "DrnMethods", "DrnPasses", "DrnReference", "DrnSema", "DrnLowering", "DrnAnalysis",
        "DrnCPU", "DrnData", "DrnTensorFile", "DrnTrain",
      ]),
    tests(
      "DrnDriverTests",
      [
        "DrnSource", "DrnDiagnostics", "DrnIR", "DrnMethods", "DrnPlan", "DrnSema", "DrnData", "DrnLowering", "DrnCPU", "DrnAnalysis",
        "DrnDriver", "DrnTrain", "DrnTensorFile", "DrnSystem",
      ]),
    tests(
      "DrnLanguageServerTests",
      ["DrnSource", "DrnJSON", "DrnDiagnostics", "DrnSyntax", "DrnIR", "DrnMethods", "DrnSema", "DrnAnalysis", "DrnLanguageServer"]),
    tests("TidyTests", []),
  ],
  cLanguageStandard: .gnu11
)
