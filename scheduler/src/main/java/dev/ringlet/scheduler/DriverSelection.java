package dev.ringlet.scheduler;

import dev.ringlet.actor.RingletException;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.IoDriverProvider;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * The I/O drivers that a system may use, best first: the one that was asked for, or all that say
 * they can be used here. Immutable.
 */
final class DriverSelection {
  private static final System.Logger LOG = System.getLogger(DriverSelection.class.getName());
  private static final String PROPERTY = "ringlet.driver";

  private final List<IoDriverProvider> usable;

  private DriverSelection(List<IoDriverProvider> usable) {
    this.usable = usable;
  }

  /** Any thread. Says in one line of the log what was chosen, and why nothing better. */
  static DriverSelection of(ExecutorPool pool) {
    String wanted = pool.driver();
    if (wanted == null) {
      wanted = System.getProperty(PROPERTY, ExecutorPool.AUTO);
    }
    return select(wanted, providers());
  }

  private static List<IoDriverProvider> providers() {
    return ServiceLoader.load(IoDriverProvider.class, DriverSelection.class.getClassLoader())
        .stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparingInt(IoDriverProvider::priority).reversed())
        .toList();
  }

  static DriverSelection select(String wanted, List<IoDriverProvider> providers) {
    return wanted.equals(ExecutorPool.AUTO) ? byProbe(providers) : forced(wanted, providers);
  }

  private static DriverSelection forced(String wanted, List<IoDriverProvider> providers) {
    for (IoDriverProvider provider : providers) {
      if (provider.name().equals(wanted)) {
        String cause = provider.unavailabilityCause();
        if (cause != null) {
          throw new RingletException(
              "driver " + wanted + " was asked for and cannot be used here: " + cause);
        }
        LOG.log(Level.DEBUG, "I/O driver {0}, as asked for", wanted);
        return new DriverSelection(List.of(provider));
      }
    }
    throw new RingletException(
        "driver: \""
            + wanted
            + "\" is unknown; give "
            + providers.stream().map(IoDriverProvider::name).collect(Collectors.joining(", "))
            + " or "
            + ExecutorPool.AUTO);
  }

  private static DriverSelection byProbe(List<IoDriverProvider> providers) {
    List<IoDriverProvider> usable = new ArrayList<>();
    StringJoiner refused = new StringJoiner("; ");
    for (IoDriverProvider provider : providers) {
      String cause = provider.unavailabilityCause();
      if (cause == null) {
        usable.add(provider);
      } else {
        refused.add("not " + provider.name() + ": " + cause);
      }
    }
    if (usable.isEmpty()) {
      throw new RingletException("no I/O driver can be used here; " + refused);
    }
    if (refused.length() == 0) {
      LOG.log(Level.DEBUG, "I/O driver {0}", usable.get(0).name());
    } else {
      LOG.log(Level.WARNING, "I/O driver {0}; {1}", usable.get(0).name(), refused);
    }
    return new DriverSelection(List.copyOf(usable));
  }

  /** Makes a driver for the calling thread; where the best one fails, the next is taken. */
  IoDriver create(IoDriverOptions options, int executor) {
    int last = usable.size() - 1;
    for (int i = 0; i < last; i++) {
      try {
        return logged(usable.get(i).create(options), executor);
      } catch (RingletException failure) {
        LOG.log(
            Level.WARNING,
            "executor {0}: I/O driver {1}; not {2}: {3}",
            executor,
            usable.get(i + 1).name(),
            usable.get(i).name(),
            failure.getMessage());
      }
    }
    return logged(usable.get(last).create(options), executor);
  }

  private static IoDriver logged(IoDriver driver, int executor) {
    LOG.log(Level.DEBUG, "executor {0}: {1}", executor, driver.description());
    return driver;
  }
}
