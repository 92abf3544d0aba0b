"""Towns that trade on credit: mixed goods from Yiwu's market, stock bought and sold in Shenzhen."""
