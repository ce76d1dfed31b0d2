"""The prediction of a single row by ONNX Runtime, from the file that nnfs exports: by a call with arrays
(`run`), or with arrays that are bound before (`binding`)."""

import peer

job = peer.Job(modes=["run", "binding"])
np = peer.require("numpy")
runtime = peer.require("onnxruntime")

dtype = {"f32": np.float32, "f64": np.float64}[job.dtype]
options = runtime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = job.threads
options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_ENABLE_ALL
session = runtime.InferenceSession(job.onnx, options, providers=["CPUExecutionProvider"])
name = session.get_inputs()[0].name
rows = [np.array([row], dtype) for row in job.data()[0]]


def run(_rows):
    for row in rows:
        [prediction] = session.run(None, {name: row})
    return prediction


bound = np.empty_like(rows[0])
prediction = np.empty((1, job.sizes[-1]), dtype)
binding = session.io_binding()
for bind, tensor, array in [(binding.bind_input, name, bound),
                            (binding.bind_output, session.get_outputs()[0].name, prediction)]:
    bind(tensor, "cpu", 0, dtype, array.shape, array.ctypes.data)


def run_bound(_rows):
    for row in rows:
        bound[:] = row
        session.run_with_iobinding(binding)
    return prediction


work = {"run": run, "binding": run_bound}[job.mode]
settings = {"run": "Python call", "binding": "Python call, bound arrays"}[job.mode]
peer.serve("onnxruntime", runtime.__version__, settings, work, len(rows), float(work(None)[0, 0]))
