import math
import struct

import numpy as np

np.seterr(all="ignore")
