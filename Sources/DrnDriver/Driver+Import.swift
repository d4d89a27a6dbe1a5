import DrnCompiler
import DrnDiagnostics
import DrnImport
import DrnJSON
import DrnProgram
import DrnSource
import DrnSystem
import DrnTensorFile

/// What `drnc import` was asked.
public struct ImportRequest: Sendable {
  /// The file of weights.
  public let model: String
  /// The program whose network is to have them; `nil` to see what the file holds.
  public let program: ProgramRequest?
  /// The file to write; `nil` for `NETWORK.initial.safetensors` beside the program.
  public let output: String?
  /// `here=there`, names of layers or tensors of the network and of the file.
  public let pairs: [String]
  /// Whether layers and tensors without a counterpart are left out.
  public let isPartial: Bool
  /// Whether layers that their order alone tells apart are taken in it.
  public let takesOrder: Bool
  /// Whether the result is printed as JSON.
  public let printsJSON: Bool
  public init(
    model: String, program: ProgramRequest? = nil, output: String? = nil, pairs: [String] = [], isPartial: Bool = false,
    takesOrder: Bool = false, printsJSON: Bool = false
  ) {
    (self.model, self.program, self.output, self.pairs) = (model, program, output, pairs)
    (self.isPartial, self.takesOrder, self.printsJSON) = (isPartial, takesOrder, printsJSON)
  }
}

extension Driver {
  /// `drnc import`.
  public func importWeights(_ request: ImportRequest) -> ExitStatus {
    let file: ModelFile
    do { file = try ModelFile(path: request.model) } catch { return refuse(error) }
    guard let asked = request.program else {
      if request.printsJSON { console.output(file.json) } else { console.output(file.text) }
      return .success
    }
    let loaded: Loaded
    switch load(asked) {
    case .failure(let status): return status
    case .success(let value): loaded = value
    }
    do throws(ImportError) {
      let map = try WeightMap(file, PhaseCompiler(program: loaded.program), pairs: try pairs(request.pairs))
      let problems = problems(map, file, loaded.program, request)
      let path = request.output ?? Path.join(Path.folder(of: asked.path), "\(loaded.program.network.name).initial.safetensors")
      let isWritten = problems.isEmpty
      if isWritten, let problem = refusal(of: path, request) { return refuse(problem, .cannotWrite) }
      if isWritten { try write(map, file, loaded.program, to: path) }
      let setting = isWritten ? setting(map, path, beside: asked.path) : nil
      if request.printsJSON {
        console.output(map.json(file, loaded.program, written: isWritten ? path : nil, setting: setting))
      } else {
        console.output(map.text(file, loaded.program) + (setting.map { "wrote \(path); in `train`:\n  weights_from: \($0)\n" } ?? ""))
      }
      console.report(problems, sources: loaded.sources)
      return isWritten ? .success : .badData
    } catch { return refuse(error, loaded.sources) }
  }

  private func pairs(_ texts: [String]) throws(ImportError) -> [(here: String, there: String)] {
    var pairs: [(String, String)] = []
    for text in texts {
      let names = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard names.count == 2 else {
        throw ImportError(.names, "--map takes here=there, not `\(text)`", help: "for example --map stem=conv1")
      }
      pairs.append((names[0], names[1]))
    }
    return pairs
  }

  /// Why the file is not written: each layer that lacks something at its place, what is left over, and what was guessed.
  private func problems(_ map: WeightMap, _ file: ModelFile, _ program: CheckedProgram, _ request: ImportRequest) -> [Diagnostic] {
    var problems: [Diagnostic] = []
    if !request.isPartial || map.entries.isEmpty {
      for missing in map.missing {
        let near = missing.near.map { "; its `\($0.name)` is \(TextTable.sizes($0.shape))" } ?? ""
        let needs = missing.tensors.map { "`\($0.name)` \(TextTable.sizes($0.shape))" }.joined(separator: ", ")
        problems.append(
          Diagnostic(
            .importUnfit, "`\(file.path)` has nothing that fits the layer `\(missing.path)`\(near)", at: missing.span,
            label: "needs \(needs)",
            help: "`--map \(missing.path)=NAME` says which layer of the file it is; with `--partial` the layer is drawn"))
      }
      if !map.unused.isEmpty {
        let names = map.unused.prefix(8).map { "`\($0.name)` \(TextTable.sizes($0.shape))" }.joined(separator: ", ")
        problems.append(
          Diagnostic(
            .importUnfit,
            "the network `\(program.network.name)` has no place for \(map.unused.count) tensors of `\(file.path)`: \(names)"
              + (map.unused.count > 8 ? ", ..." : ""), at: nil, help: "`--partial` leaves them out"))
      }
    }
    if map.isByOrder, !request.takesOrder {
      let names = map.entries.filter { $0.reason == .order }.prefix(4).map { "`\($0.name)` from `\($0.tensor.name)`" }
      problems.append(
        Diagnostic(
          .importUnfit, "layers of equal sizes are told apart by their order alone: \(names.joined(separator: ", "))", at: nil,
          help: "`--by-order` takes them so, after a look at the table; `--map here=there` says which is which"))
    }
    if file.unlisted > 0 {
      problems.append(
        Diagnostic(.importUnfit, "`\(file.path)` holds more than the \(file.tensors.count) tensors that are looked at", at: nil))
    }
    return problems
  }

  /// Why a file is not written there.
  private func refusal(of path: String, _ request: ImportRequest) -> Diagnostic? {
    let folder = Path.folder(of: path)
    guard let place = try? Files.resolved(folder.isEmpty ? "." : folder), Files.kind(place) == .folder, Files.kind(path) != .folder else {
      return Diagnostic(
        .unwritableFile, "cannot write `\(path)`: it is a folder, or its folder is not there", at: nil, help: "name a file with --output")
    }
    let written = try? Files.resolved(path)
    guard written == nil || ![request.model, request.program?.path ?? ""].contains(where: { (try? Files.resolved($0)) == written }) else {
      return Diagnostic(.unwritableFile, "`\(path)` is what the weights are read from", at: nil, help: "name another file with --output")
    }
    return nil
  }

  private func write(_ map: WeightMap, _ file: ModelFile, _ program: CheckedProgram, to path: String) throws(ImportError) {
    let metadata = [("drnc.network", program.network.name), ("drnc.imported", Path.name(of: file.path))]
    let chunks: [[UInt8]]
    do { chunks = try TensorFile(tensors: try map.weights(from: file), metadata: metadata).encoded(path: path) } catch let error
      as ImportError
    {
      throw error
    } catch { throw ImportError(.defect, "\(error)") }
    do { try Files.replace(path, with: chunks) } catch { throw ImportError(.unwritable, "cannot write `\(path)`: \(error.reason)") }
  }

  /// The value of `weights_from` that takes the file: its path is relative to the folder of the program.
  private func setting(_ map: WeightMap, _ path: String, beside program: String) -> String {
    let folder = Path.folder(of: program)
    let isBeside = Path.folder(of: path) == folder
    let name = isBeside ? Path.name(of: path) : (try? Files.resolved(path)) ?? path
    let quoted = "\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    guard !map.missing.isEmpty else { return quoted }
    return "file(\(quoted), except: [\(map.missing.map(\.path).joined(separator: ", "))])"
  }

  private func refuse(_ error: ImportError, _ sources: SourceMap = SourceMap()) -> ExitStatus {
    console.report([Diagnostic(error.kind.code, error.message, at: error.span, help: error.help)], sources: sources)
    return error.kind.status
  }
}

extension ImportError.Kind {
  fileprivate var code: Code {
    switch self {
    case .missing: .unreadableFile
    case .unreadable: .tensorFileUnusable
    case .unfit: .importUnfit
    case .names: .badNamePair
    case .unwritable: .unwritableFile
    case .defect: .defect
    }
  }

  fileprivate var status: ExitStatus {
    switch self {
    case .missing: .noInput
    case .unreadable, .unfit: .badData
    case .names: .usage
    case .unwritable: .cannotWrite
    case .defect: .defect
    }
  }
}
