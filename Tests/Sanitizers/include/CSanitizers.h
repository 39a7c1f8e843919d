#pragma once
// Nothing is called from here: linking mutex.c is enough.
