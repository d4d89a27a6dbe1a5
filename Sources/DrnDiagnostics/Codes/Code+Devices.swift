/// Batches divided over several devices.
extension Code {
  public static let devicesDivide = Code(
    902, "devices_divide",
    summary: "The examples of a step are not divisible by the number of devices.",
    meaning:
      "Every device takes the same number of examples of a step, those of all batches of an accumulated update together. The help names the nearest batches that are divisible.",
    why: "Parts of different sizes would wait for the largest, and padding would change batch norm and every mean.")

  public static let accumulationTravels = Code(
    604, "accumulation_travels", severity: .warning, traits: [.lint, .needsPrices],
    summary: "With accumulation over several devices gradients are added over the devices once for each part, and examples travel.",
    meaning:
      "The parts of an accumulated update are runs of its examples, and so are the shares of the devices: a part lies on some of the devices only, and is divided over all of them anew.",
    why:
      "Several devices hold a larger `batch` without accumulation. The result is the same but for batch norm; what is sent over the network is a multiple."
  )

  public static let engineMissing = Code(
    904, "engine_missing",
    summary: "What is to run the steps cannot be started.",
    meaning:
      "`--engine jax` needs a Python with jax, the one that DRNC_JAX_PYTHON names or `python3`; `--engine pjrt:PATH` the library of a plugin and all that it loads in turn; both as many devices as are asked for. The notes are its own words.",
    why: "Nothing runs in its place: another engine rounds in another way.")

  public static let engineVersion = Code(
    905, "engine_version",
    summary: "The engine is none of the versions that are known to work.",
    meaning:
      "drnc hands programs to jax by functions that its early versions do not have, and to a plugin by those that PJRT has had from version 0.33 on.",
    why: "A version that misreads a program would show in wrong numbers, or not at all.")

  public static let engineMemory = Code(
    906, "engine_memory",
    summary: "A device has too little memory for a step.",
    meaning: "The engine could not allocate what a step needs, when it was compiled or when it ran.",
    why: "What a step needs grows with the batch and with the ranks; over more devices each holds a smaller part of the batch.")

  public static let engineFailed = Code(
    907, "engine_failed",
    summary: "The engine ended, or reported an error, in the middle of a run.",
    meaning: "The process that runs the steps is no more, or answered with an error. The notes are the last that it wrote.",
    why:
      "What was trained since the last checkpoint is lost; `drnc train --resume` goes on from there, to the bytes of a run that was not disturbed."
  )

  public static let engineDiffers = Code(
    908, "engine_differs",
    summary: "A checkpoint was made by another engine, in another version, or over other devices.",
    meaning: "Engines add in other orders, and so do other numbers of devices: the steps to come would not be those of the run.",
    why: "`--accept-engine` goes on all the same. What comes is as good, and its bytes are those of no other run.")

  public static let precisionUnavailable = Code(
    910, "precision_unavailable",
    summary: "The processor does not multiply bfloat16.",
    meaning:
      "A program has `precision: bfloat16`, and its steps are run by drnc's own executor on a processor without instructions for products of bfloat16 (AVX-512 BF16, or AMX).",
    why:
      "Products made of single precision and roundings would take longer than those without them. `precision: single` trains here; another engine may have such products. What was trained elsewhere is evaluated in single precision here."
  )

  public static let engineUnable = Code(
    909, "engine_unable",
    summary: "A step has an operation that the engine is not told.",
    meaning:
      "Steps of `basis_update` orthonormalize bases and factorize their core, which drnc does with LAPACK and StableHLO has no operation for. Transitions, events and renewals of state, which do so too, are drnc's own with every engine.",
    why: "A step that is half here and half there would wait for the device in its middle, each time.")
}
