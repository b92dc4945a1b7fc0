package dev.ringlet.reactive;

import dev.ringlet.actor.RingletException;
import org.testng.SkipException;

/** The system of a class of the TCK. */
final class DriverUnderTest {
  private final String name;
  private TestSystem system;

  DriverUnderTest(String name) {
    this.name = name;
  }

  TestSystem open() {
    try {
      system = TestSystem.open(name);
    } catch (RingletException unavailable) {
      throw new SkipException(unavailable.getMessage(), unavailable);
    }
    return system;
  }

  TestSystem system() {
    return system;
  }

  /** A system that was closed again, on the same driver. */
  TestSystem closedSystem() {
    TestSystem closed = TestSystem.open(name);
    closed.close();
    return closed;
  }

  void close() {
    if (system != null) {
      system.close();
    }
  }
}
