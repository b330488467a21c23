"""The Web API methods, a file for each family, each as strict as Slack documents it."""
