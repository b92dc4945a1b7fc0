package dev.ringlet.reactive;

import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeClass;

/**
 * A class of the TCK on one driver: its system is open while its tests run, one after the other.
 */
interface OnDriver {
  /** Long enough for a busy machine, and short where the TCK waits to see that nothing comes. */
  static TestEnvironment environment() {
    return new TestEnvironment(2_000, 100);
  }

  /** The system, which is the same for each call. */
  DriverUnderTest driver();

  /** Makes what the tests need; {@link TestSystem#atClose} is told what of it has to end. */
  default void prepare(TestSystem on) throws Exception {}

  /** Skips the class where the driver is not available. */
  @BeforeClass
  default void openSystem() throws Exception {
    prepare(driver().open());
  }

  @AfterClass
  default void closeSystem() {
    driver().close();
  }

  /** Also proves that each test's actors have stopped and all buffers are back. */
  @AfterMethod
  default void endTest() {
    driver().system().endTest();
  }
}
