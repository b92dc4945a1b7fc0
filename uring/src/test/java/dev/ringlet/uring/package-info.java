/** Tests of the driver, on the kernel of the machine they run on. */
@NullMarked
package dev.ringlet.uring;

import org.jspecify.annotations.NullMarked;
