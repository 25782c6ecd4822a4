"""What an import of a pickle can do when it is loaded: known to be safe, able to run code, or not known.

A load imports a module by its name, looks a name up in it (dots descend) and may call what it finds.
A name is therefore safe only as a whole: `torch.serialization` holds the module `os` under its own name.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from aibom.formats.pickle.values import Global


class Verdict(StrEnum):
    """How an import is judged."""

    SAFE = "safe"
    """Builds tensors, arrays and plain values."""
    UNKNOWN = "unknown"
    """Not among those known; mostly a class of the training code."""
    LOADS = "loads"
    """Loads a further pickle or file, whose content is as free as the first."""
    RUNS = "runs"
    """Can run any code, command or network request."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PACKAGES: Final = _names(
    """
    importlib asyncio http urllib urllib3 requests httpx aiohttp xmlrpc ctypes cffi pip ensurepip venv
    distutils setuptools idlelib lib2to3 _pyrepl IPython paramiko fabric gdb pytest
    """
)
"""Packages of which no name, at any depth, is loaded by a pickle of weights."""
_MODULES: Final = _names(
    """
    os posix nt ntpath posixpath subprocess _posixsubprocess sys socket socketserver ssl runpy shutil
    pty commands popen2 imp pkgutil zipimport code codeop bdb pdb profile cProfile timeit trace doctest
    pydoc _ctypes signal webbrowser httplib urllib2 ftplib smtplib telnetlib poplib imaplib site
    fileinput linecache _osx_support _aix_support test.support test.support.script_helper logging.config
    antigravity multiprocessing.util torch.utils.cpp_extension torch.hub torch.utils.collect_env
    """
)
"""Modules likewise; only as a whole, since a project may name a package of its own `code` or `trace`."""
_HELD: Final = _names(
    """
    os posix nt subprocess sys socket shutil runpy importlib pty ctypes builtins __builtins__
    """
)
"""Modules that others import and hold under their own name, which gives all their power to a pickle."""

_RUNNING: Final = _names(
    """
    operator.attrgetter operator.methodcaller _operator.attrgetter _operator.methodcaller types.CodeType
    types.FunctionType io.open io.open_code _io.open io.FileIO _io.FileIO
    numpy.testing._private.utils.runstring numpy.testing._private.utils.exec_mod_from_location
    numpy.f2py.crackfortran.getlincoef numpy.f2py.crackfortran.param_eval torch.ops.load_library
    torch._ops.load_library torch.classes.load_library torch._inductor.codecache.compile_file
    torch._dynamo.guards.GuardBuilder.get
    torch.fx.experimental.symbolic_shapes.ShapeEnv.evaluate_guards_expression
    torch.utils._config_module.ConfigModule.load_config torch.utils.bottleneck.__main__.run_cprofile
    torch.utils.bottleneck.__main__.run_autograd_prof
    torch.utils.data.datapipes.utils.decoder.basichandlers torch.jit.unsupported_tensor_ops.execWrapper
    torch.distributed.elastic.multiprocessing.api.start_processes
    transformers.dynamic_module_utils.get_class_from_dynamic_module tensorflow.io.read_file
    tensorflow.io.write_file tensorflow.raw_ops.ReadFile tensorflow.raw_ops.WriteFile
    tensorflow.py_function tensorflow.numpy_function
    """
) | {
    f"{module}.{name}"
    for module in ("builtins", "__builtin__")
    for name in _names(
        """
    eval exec execfile compile open file __import__ reload apply getattr setattr delattr globals locals
    vars input raw_input breakpoint help
    """
    )
}
_LOADING: Final = _names(
    """
    torch.load torch.serialization.load torch.storage._load_from_bytes torch.jit.load
    torch.package.PackageImporter numpy.load numpy.lib.npyio.load numpy.lib._npyio_impl.load joblib.load
    joblib.numpy_pickle.load pandas.read_pickle pandas.io.pickle.read_pickle
    numpy.lib._npyio_impl.NpzFile sklearn.externals.joblib.load keras.models.load_model
    tensorflow.keras.models.load_model
    """
)
_LOADING_MODULES: Final = _names(
    """
    pickle _pickle cPickle dill cloudpickle marshal shelve jsonpickle
    """
)

_PLAIN: Final = (
    "bool bytearray bytes complex dict float frozenset int list long object range set slice str tuple"
)
_STORAGES: Final = (
    "Double Float Half BFloat16 Long Int Short Char Byte Bool ComplexDouble ComplexFloat QInt8 QUInt8 QInt32 "
    "QUInt4x2 QUInt2x4 Untyped Typed"
)
_SAFE: Final = _names(
    """
    collections.OrderedDict collections.defaultdict collections.Counter collections.deque
    argparse.Namespace copyreg._reconstructor copy_reg._reconstructor _codecs.encode datetime.datetime
    datetime.date datetime.timedelta datetime.timezone decimal.Decimal fractions.Fraction
    types.SimpleNamespace torch.device torch.dtype torch.Size torch.Tensor torch.layout
    torch.memory_format torch.Generator torch.nn.parameter.Parameter torch.nn.parameter.Buffer
    torch.nn.Parameter torch._utils._rebuild_tensor torch._utils._rebuild_tensor_v2
    torch._utils._rebuild_tensor_v3 torch._utils._rebuild_parameter
    torch._utils._rebuild_parameter_with_state torch._utils._rebuild_qtensor
    torch._utils._rebuild_sparse_tensor torch._utils._rebuild_nested_tensor
    torch._utils._rebuild_sparse_csr_tensor torch._utils._rebuild_wrapper_subclass
    torch._utils._rebuild_meta_tensor_no_storage torch._utils._rebuild_device_tensor_from_numpy
    torch._utils._rebuild_device_tensor_from_cpu_tensor torch._utils._rebuild_xla_tensor
    torch._tensor._rebuild_from_type_v2 torch._tensor._rebuild_from_type torch.tensor._rebuild_from_type
    torch.serialization._get_layout torch.per_channel_affine torch.per_tensor_affine torch.sparse_coo
    torch.sparse_csr torch.strided torch.jit._pickle.build_tensor_from_id
    torch.jit._pickle.build_intlist torch.jit._pickle.build_tensorlist
    torch.jit._pickle.build_doublelist torch.jit._pickle.build_boollist
    torch.jit._pickle.restore_type_tag numpy.ndarray numpy.dtype numpy.core.multiarray._reconstruct
    numpy.core.multiarray.scalar numpy._core.multiarray._reconstruct numpy._core.multiarray.scalar
    numpy.core.numeric._frombuffer numpy._core.numeric._frombuffer
    numpy.random._pickle.__randomstate_ctor numpy.random._pickle.__generator_ctor
    numpy.random._pickle.__bit_generator_ctor numpy.random._mt19937.MT19937 numpy.random._pcg64.PCG64
    joblib.numpy_pickle.NumpyArrayWrapper joblib.numpy_pickle.NDArrayWrapper
    scipy.sparse._csr.csr_matrix scipy.sparse.csr.csr_matrix
    transformers.training_args.TrainingArguments
    transformers.training_args_seq2seq.Seq2SeqTrainingArguments
    transformers.training_args.OptimizerNames transformers.tokenization_utils_base.BatchEncoding
    accelerate.state.PartialState accelerate.state.AcceleratorState
    """
) | frozenset(
    [f"{module}.{name}" for module in ("builtins", "__builtin__") for name in f"{_PLAIN} unicode".split()]
    + [f"torch.{name}Storage" for name in _STORAGES.split()]
    + [f"torch.cuda.{name}Storage" for name in _STORAGES.split()]
    + [f"torch.storage.{name}Storage" for name in _STORAGES.split()]
)
_SAFE_PATTERNS: Final = re.compile(
    r"torch\.(?:u?int(?:8|16|32|64)|float(?:16|32|64)|bfloat16|bool|half|double|long|complex(?:32|64|128)"
    r"|q(?:u?int8|int32)|float8_\w+|float4_\w+)"
    r"|numpy\.(?:u?int(?:8|16|32|64|p|c)?|float(?:16|32|64|128)|complex(?:64|128)|bool_?|str_|bytes_|object_|void"
    r"|longlong|datetime64|timedelta64|dtypes\.[A-Z]\w*DType)"
    r"|pathlib\.(?:Pure)?(?:Posix|Windows)?Path"
    r"|torch\.nn\.modules\.[a-z]+\.[A-Z]\w*"
    r"|torch\.optim\.[a-z_]+\.[A-Z]\w*"
    r"|transformers\.models\.\w+\.(?:configuration|modeling)_\w+\.[A-Z]\w*"
    r"|transformers\.trainer_utils\.[A-Z]\w*(?:Strategy|Type)"
    r"|accelerate\.utils\.dataclasses\.[A-Z]\w*"
    r"|__torch__(?:\.\w+)*\.\w+"
)
"""Element types, and classes whose construction by a pickle sets attributes only. Names below
`__torch__` are classes that a TorchScript archive defines itself, in its own `code/`."""


def judge(item: Global) -> Verdict:
    """What loading a pickle with this import can do."""
    dotted = str(item)
    if "." not in item.name and (dotted in _SAFE or _SAFE_PATTERNS.fullmatch(dotted)):
        return Verdict.SAFE
    pieces = item.name.split(".")
    root = item.module.partition(".")[0]
    # A module that another module holds under its own name is as powerful as the module itself.
    if dotted in _RUNNING or item.module in _MODULES or root in _PACKAGES or _HELD.intersection(pieces):
        return Verdict.RUNS
    if dotted in _LOADING or root in _LOADING_MODULES or _LOADING_MODULES.intersection(pieces[:-1] or pieces):
        return Verdict.LOADS
    return Verdict.UNKNOWN
