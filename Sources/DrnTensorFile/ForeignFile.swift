import Foundation

/// Files that are often given where others are meant, told by their first bytes.
public enum ForeignFile: CaseIterable, Sendable {
  /// What Git LFS keeps in a repository in place of a large file.
  case gitLFSPointer
  /// A zip archive or a pickle as `torch.save` writes it, by which files `.pt` and `.pth` are.
  case torch

  /// So many bytes are looked at.
  private static let prefixCount = 128

  private static let pointer = Array("version https://git-lfs.github.com/spec/".utf8)
  private static let zip: [UInt8] = [0x50, 0x4B, 3, 4]
  private static let pickledEntry = Array("/data.pkl".utf8)
  /// The number that a file of PyTorch before 1.6 begins with, pickled by protocol 2.
  private static let pickledMagic: [UInt8] = [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]

  /// What a file is that begins with these bytes; nil for all that is not known.
  public init?(prefix: some Collection<UInt8>) {
    let prefix = Array(prefix.prefix(Self.prefixCount))
    if prefix.starts(with: Self.pointer) {
      self = .gitLFSPointer
    } else if prefix.starts(with: Self.pickledMagic) || prefix.starts(with: Self.zip) && Self.isFirstEntryPickled(prefix) {
      self = .torch
    } else {
      return nil
    }
  }

  /// What an open file is, by its first bytes.
  public init?(descriptor: Int32) {
    let prefix = [UInt8](unsafeUninitializedCapacity: Self.prefixCount) { buffer, filled in
      filled = max(0, pread(descriptor, buffer.baseAddress, buffer.count, 0))
    }
    self.init(prefix: prefix)
  }

  /// Whether the name of an archive's first entry, which follows 30 bytes, ends as that of a pickle in a file of PyTorch.
  private static func isFirstEntryPickled(_ prefix: [UInt8]) -> Bool {
    guard prefix.count > 30 else { return false }
    let length = Int(prefix[26]) | Int(prefix[27]) << 8
    let name = prefix[30...].prefix(length)
    return name.count >= pickledEntry.count && name.suffix(pickledEntry.count).elementsEqual(pickledEntry)
  }

  /// What it is and what to do, as a sentence about the file.
  public var message: String {
    switch self {
    case .gitLFSPointer: "is a Git LFS pointer in place of the file itself: run `git lfs pull`"
    case .torch: "is a file of torch.save, which is not read: save arrays by numpy.save, weights by safetensors.torch.save_file"
    }
  }
}
