import DrnInference
import DrnJSON
import DrnTrain
import Foundation

extension Driver {
  /// `drnc inspect`.
  public func inspect(_ path: String, withSpectra: Bool, threads: Int, printsJSON: Bool) -> ExitStatus {
    do throws(TrainError) {
      let found = try TensorInspection(path, withSpectra: withSpectra, threads: threads)
      if printsJSON { console.output(found.json) } else { console.output(found.text) }
      return .success
    } catch { return report(error) }
  }
}

extension TensorInspection {
  fileprivate var text: String {
    var text = "\(kind == .safetensors ? "safetensors file" : kind.rawValue) `\(path)`\n"
    for fact in provenance { text += "\(fact.name): \(fact.value)\n" }
    if !weights.isEmpty {
      text +=
        "\n"
        + Self.table(
          ["weight", "matrix", "form", "rank"],
          weights.map { weight in
            [weight.name, Self.shape(weight.shape), weight.form, weight.rank.map(String.init) ?? "-"] + Spectrum.cells(weight.spectrum)
          }, hasSpectra: weights.contains { $0.spectrum != nil })
    }
    text +=
      "\n"
      + Self.table(
        ["tensor", "type", "shape", "numbers"],
        tensors.map { tensor in
          [tensor.name, tensor.type, Self.shape(tensor.shape), String(tensor.shape.reduce(1) { $0 &* $1 })]
            + Spectrum.cells(tensor.spectrum)
        }, hasSpectra: tensors.contains { $0.spectrum != nil })
    text += "\(tensors.count) tensors, \(parameters) numbers\n"
    if unlisted > 0 { text += "\(unlisted) more tensors are not listed\n" }
    return text
  }

  fileprivate var json: JSON {
    let weights = weights.map { weight -> JSON in
      .make([
        "name": .string(weight.name), "form": .string(weight.form), "rank": weight.rank.map(JSON.integer),
        "shape": .array(weight.shape.map(JSON.integer)), "spectrum": weight.spectrum?.json,
      ])
    }
    let tensors = tensors.map { tensor -> JSON in
      .make([
        "name": .string(tensor.name), "type": .string(tensor.type), "shape": .array(tensor.shape.map(JSON.integer)),
        "spectrum": tensor.spectrum?.json,
      ])
    }
    return .make([
      "file": .string(path), "kind": .string(kind.rawValue),
      "provenance": .fields(provenance.map { ($0.name, .string($0.value)) }), "weights": self.weights.isEmpty ? nil : .array(weights),
      "tensors": .array(tensors), "numbers": .integer(parameters), "unlisted": unlisted > 0 ? .integer(unlisted) : nil,
    ])
  }

  private static func shape(_ shape: [Int]) -> String { TextTable.sizes(shape) }

  /// With the columns of spectra where there are any.
  private static func table(_ heads: [String], _ rows: [[String]], hasSpectra: Bool) -> String {
    TextTable.text(heads + (hasSpectra ? Spectrum.heads : []), rows)
  }
}

extension TensorInspection.Spectrum {
  fileprivate static let heads = ["largest", "median", "smallest", "effective rank", "stable rank"]

  fileprivate static func cells(_ spectrum: Self?) -> [String] {
    guard let spectrum else { return heads.map { _ in "-" } }
    return [spectrum.largest, spectrum.median, spectrum.smallest, spectrum.effectiveRank, spectrum.stableRank].map {
      String(format: "%.4g", $0)
    }
  }

  fileprivate var json: JSON {
    .make([
      "count": .integer(count), "largest": .number(largest), "median": .number(median), "smallest": .number(smallest),
      "effective_rank": .number(effectiveRank), "stable_rank": .number(stableRank),
    ])
  }
}
