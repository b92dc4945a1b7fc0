package dev.ringlet.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes I/O drivers; found by {@link java.util.ServiceLoader}. */
public interface IoDriverProvider {
  /**
   * The name by which users choose it.
   *
   * @return such as {@code "uring"}
   */
  String name();

  /**
   * Its place when several are available; the highest is taken.
   *
   * @return io_uring 100, NIO 0
   */
  int priority();

  /**
   * Why it cannot be used here, found out by trying. Any thread.
   *
   * @return errno, reason and remedy in one sentence, or null if it can be used
   */
  @Nullable String unavailabilityCause();

  /**
   * What of this system it makes use of, and what it goes without. Any thread.
   *
   * @return none unless the driver tells
   */
  default List<DriverFeature> features() {
    return List.of();
  }

  /**
   * Makes a driver. <b>Thread:</b> the executor's, which owns the driver from then on.
   *
   * @param options sizes and clock
   * @return the driver
   * @throws dev.ringlet.actor.RingletException if it cannot be set up, with errno, likely cause and
   *     remedy
   */
  IoDriver create(IoDriverOptions options);
}
