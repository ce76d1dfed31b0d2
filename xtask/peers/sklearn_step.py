"""The training step of scikit-learn's MLPRegressor. It has no decay of the rate and no accuracy, and
starts from weights of its own: its time can be compared, its loss cannot."""

import warnings

import peer

job = peer.Job()
np = peer.require("numpy")
sklearn = peer.require("sklearn")
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPRegressor

activations = {"relu": "relu", "tanh": "tanh", "sigmoid": "logistic", "linear": "identity"}
if job.activation not in activations:
    peer.give_up(f"it has no {job.activation}")
flushes = peer.flush_denormals()
sklearn.set_config(assume_finite=True, skip_parameter_validation=True)
dtype = {"f32": np.float32, "f64": np.float64}[job.dtype]
inputs, targets = (np.array(rows, dtype) for rows in job.data())
if targets.shape[1] == 1:
    targets = targets.ravel()

# `fit` checks its data once for many epochs, where `partial_fit` would for each; it never finds that
# it has converged, and each call starts with fresh moments.
at_once = job.steps_at_once()
model = MLPRegressor(hidden_layer_sizes=job.sizes[1:-1], solver="adam", alpha=0,
                     activation=activations[job.activation],
                     batch_size=job.batch, learning_rate_init=job.learning_rate, shuffle=False,
                     beta_1=peer.BETAS[0], beta_2=peer.BETAS[1], epsilon=peer.EPSILON,
                     max_iter=at_once, n_iter_no_change=np.inf, warm_start=True, random_state=0)
warnings.simplefilter("ignore", ConvergenceWarning)


def train(_steps):
    return model.fit(inputs, targets).loss_


peer.first_steps(train, at_once)
peer.serve("sklearn", sklearn.__version__,
           f"fit of {at_once} epochs, warm start, no decay, no accuracy"
           + ", denormals flushed" * flushes, train, at_once)
