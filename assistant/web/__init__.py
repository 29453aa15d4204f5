"""The pages and the HTTP interface: what people see in a browser and what clients ask for."""
