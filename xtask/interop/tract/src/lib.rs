//! Runs our ONNX files in tract (see `tests`).
