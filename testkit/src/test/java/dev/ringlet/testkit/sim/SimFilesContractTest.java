package dev.ringlet.testkit.sim;

import dev.ringlet.spi.FilesContract;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.IoDriverProvider;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;

/** The contract has a driver that parks until something comes; here that moves the world on. */
final class SimFilesContractTest extends FilesContract {
  private final SimWorld world = new SimWorld(1, FaultPlan.NONE);
  private final Path directory = world.path("/test");

  @BeforeEach
  void makeDirectory() throws IOException {
    Files.createDirectory(directory);
  }

  @Override
  public Path directory() {
    return directory;
  }

  @Override
  public IoDriverProvider provider() {
    IoDriverProvider drivers = world.drivers();
    return new IoDriverProvider() {
      @Override
      public String name() {
        return drivers.name();
      }

      @Override
      public int priority() {
        return drivers.priority();
      }

      @Override
      public String unavailabilityCause() {
        return drivers.unavailabilityCause();
      }

      @Override
      public IoDriver create(IoDriverOptions options) {
        return parking(drivers.create(options));
      }
    };
  }

  private IoDriver parking(IoDriver driver) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.getName().equals("park")) {
            driver.flush();
            world.stepToNext();
            return null;
          }
          try {
            return method.invoke(driver, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return (IoDriver)
        Proxy.newProxyInstance(
            IoDriver.class.getClassLoader(), new Class<?>[] {IoDriver.class}, handler);
  }
}
