/// Trained networks that are used, and files that are looked into.
extension Code {
  public static let runUnusable = Code(
    810, "run_unusable",
    summary: "A run folder cannot be used.",
    meaning:
      "The folder holds no run, one that has not come to its end, or one whose `run.json`, `source.drn`, `weights.safetensors` or checkpoint is missing, damaged or not of one run; or it keeps no weights of the phase that is asked for.",
    why:
      "A trained network is used from its run folder alone. A part that does not fit the others would give predictions that look like those of the network and are not."
  )

  public static let inputUnfit = Code(
    811, "input_unfit",
    summary: "An input is none that the network takes.",
    meaning:
      "A file given to `predict` or `eval` is of another kind or shape than the examples that were learned, lacks a column, or holds no labels; or the run has no examples of the part that is asked for.",
    why:
      "An example is prepared as those that were trained on were. What cannot be is refused, since the network would answer all the same."
  )

  public static let tensorFileUnusable = Code(
    812, "tensor_file_unusable",
    summary: "A file of tensors cannot be read.",
    meaning:
      "The file given to `inspect` or `import` is missing, cut short or damaged, or is no safetensors file; or a model of ONNX given to `import` holds what is not read.",
    why: "Every size that a header announces is held against the length of the file before memory is taken for it.")
}
