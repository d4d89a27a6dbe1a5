import DrnJSON
import DrnTensorFile
import DrnTrain

extension ExportedNetwork {
  /// Every tensor of the phase: in the forms of training, or merged. Names and order of elements are those of `weights.safetensors`.
  private func archived() throws(ExportError) -> (tensors: [NamedTensor], metadata: [(String, String)]) {
    let held: [DeployedTensor]
    if isMerged {
      held = tensors
    } else {
      do { held = try weights.trained(compiler) } catch { throw ExportError(error) }
    }
    return (held.map(\.stored), weights.metadata(program, isDeployed: false, isMerged: isMerged))
  }

  /// A file of safetensors.
  public func safetensors() throws(ExportError) -> TensorFile {
    let (tensors, metadata) = try archived()
    return TensorFile(tensors: tensors, metadata: metadata)
  }

  /// An archive as `numpy.load` reads it, one array for each tensor, and `metadata.json`; `path` is for messages.
  public func npz(path: String) throws(ExportError) -> [[UInt8]] {
    let (tensors, metadata) = try archived()
    var archive = ZipArchiveWriter()
    for tensor in tensors.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      let encoded: [[UInt8]]
      do { encoded = try NumpyFile.encoded(tensor, path: path) } catch { throw ExportError(.defect, error.message) }
      try append("\(tensor.name).npy", encoded, to: &archive)
    }
    try append("metadata.json", [JSON.fields(metadata.map { ($0.0, .string($0.1)) }).bytes], to: &archive)
    return archive.bytes
  }

  private func append(_ name: String, _ contents: [[UInt8]], to archive: inout ZipArchiveWriter) throws(ExportError) {
    guard archive.append(name, contents) else {
      throw ExportError(
        .refused, "an archive of NumPy holds less than 4 GiB, and `\(name)` is beyond that", help: "--to safetensors has no such limit")
    }
  }
}
