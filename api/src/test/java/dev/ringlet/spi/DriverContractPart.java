package dev.ringlet.spi;

import java.nio.file.Path;

/** What the parts of {@link IoDriverContract} get: a fresh driver for each test. */
interface DriverContractPart {
  /** The driver under test; it is checked and closed after the test. */
  DriverRig rig();

  /** Sockets of the other side, closed after the test. */
  Peers peers();

  /** An empty directory. */
  Path directory();

  /** Makes further drivers. */
  IoDriverProvider provider();
}
